using System.Net.Security;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>How many handshakes may be in progress at once.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class HandshakeLimitTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [Test]
    public async Task Clients_beyond_the_handshakes_in_progress_are_closed_at_once()
    {
        TlsServerOptions options = Options();
        options.MaxHandshakes = 2;
        GainServer server = Start(new Echo(), options);

        // What is up does not count.
        await using SslStream up = await ConnectAsync(server);
        using Socket one = await Clients.ConnectAsync(server);
        using (Socket other = await Clients.ConnectAsync(server))
        {
            using Socket beyond = await Clients.ConnectAsync(server);
            Assert.That(await beyond.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
            await AwaitLogAsync("2 others of the worker are being set up");
            Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1));
        }

        await AwaitLogAsync("the other end closed the connection");
        await using SslStream next = await ConnectAsync(server);
        await next.WriteAsync("hello"u8.ToArray());
        Assert.That(await ReadAsync(next, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    private Task AwaitLogAsync(string text) => Logger.Messages.AwaitAsync(
        entry => entry.Contains(text, StringComparison.Ordinal), 1);
}
