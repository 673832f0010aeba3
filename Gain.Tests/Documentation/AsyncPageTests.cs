using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The program of docs/async.md does what the page says.</summary>
public sealed class AsyncPageTests
{
    private static readonly IReadOnlyDictionary<string, string> s_programs =
        DocumentedProgram.In("docs/async.md");

    [Test]
    public async Task Digest()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(s_programs["Digest"]);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => AskAsync(program, i)));

        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    private static async Task AskAsync(DocumentedProgram program, int client)
    {
        using Socket socket = await program.ConnectAsync();
        string[] lines = [.. Enumerable.Range(0, 5).Select(i => $"line {i} of client {client}")];
        await Clients.SendAllAsync(socket, Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n"));
        foreach (string line in lines)
        {
            byte[] digest = SHA256.HashData(Encoding.ASCII.GetBytes(line));
            for (int i = 0; i < 10_000; i++)
            {
                SHA256.HashData(digest, digest);
            }

            string expected = $"{Convert.ToHexStringLower(digest)}\n";
            byte[] answer = await Clients.ReceiveExactlyAsync(socket, expected.Length);
            Assert.That(Encoding.ASCII.GetString(answer), Is.EqualTo(expected));
        }
    }
}
