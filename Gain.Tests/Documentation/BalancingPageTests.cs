using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The program of docs/balancing.md does what the page says.</summary>
public sealed class BalancingPageTests
{
    // 8 and twice the mean: of four workers one is preferred until it has 17.
    private const int Share = 17;

    private static readonly IReadOnlyDictionary<string, string> s_programs =
        DocumentedProgram.In("docs/balancing.md");

    [Test]
    public async Task Where()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Where"]);
        List<Socket> clients = [];
        List<byte> workers = [];
        for (int i = 0; i < Share + 3; i++)
        {
            clients.Add(await program.ConnectAsync());
            workers.Add((await Clients.ReceiveExactlyAsync(clients[^1], 1))[0]);
        }

        // All clients here have one address.
        Assert.That(workers.Take(Share).Distinct(), Has.Exactly(1).Items);
        Assert.That(workers[Share..], Has.Some.Not.EqualTo(workers[0]));
        clients.ForEach(client => client.Dispose());
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }
}
