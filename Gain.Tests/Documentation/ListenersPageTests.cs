using System.Net.Sockets;
using System.Text;
using Gain.Tests.Net;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The program of docs/listeners.md does what the page says.</summary>
public sealed class ListenersPageTests
{
    private static readonly IReadOnlyDictionary<string, string> s_programs =
        DocumentedProgram.In("docs/listeners.md");

    [Test]
    public void Every_program_of_the_page_is_tested() =>
        Assert.That(s_programs.Keys, Is.EquivalentTo(new[] { "Echo" }));

    [Test]
    public async Task Echo()
    {
        using var sockets = new TempSockets();
        await using (DocumentedProgram program =
            await DocumentedProgram.StartAsync(s_programs["Echo"], sockets.Address()))
        {
            byte[] bytes = Clients.Pattern(5_000, 1);
            await program.AssertAnswersAsync(bytes, bytes);

            using Socket admin = await Clients.ConnectAsync(sockets.Path());
            string body = "{\"accepted\":3,\"bytesIn\":10032}\n";
            await AssertAnswerAsync(
                admin,
                "GET /stats HTTP/1.1\r\nHost: x\r\n\r\n",
                $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"
                + body);
            await AssertAnswerAsync(
                admin, "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            await AssertAnswerAsync(
                admin,
                new string('x', 9_000),
                "HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n\r\n");
            Assert.That(await Clients.ReceiveToEndAsync(admin), Is.Empty);
            Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
        }

        Assert.That(sockets.Names(), Is.Empty);
    }

    private static async Task AssertAnswerAsync(Socket client, string request, string answer)
    {
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(request));
        byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
        Assert.That(Encoding.ASCII.GetString(received), Is.EqualTo(answer));
    }
}
