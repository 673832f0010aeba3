using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>
/// Servers that answer in any pieces, and go at any step, by seeds: each dial ends once, and nothing of it is
/// left.
/// </summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class TlsDialSeedTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private const int Seeds = 150;

    [Test]
    public async Task Servers_in_any_pieces_that_go_at_any_step_leave_nothing()
    {
        using TlsContext context = TlsContext.ForServer(
            new TlsServerOptions { Certificate = Certificates.For("127.0.0.1") });
        GainServer client = Start(
            GainServer.Listen(new Echo(), "tcp://127.0.0.1:0")
                .Dial(new Echo()).UseTls(new TlsClientOptions { TrustedRoots = Certificates.Roots }));
        int whole = 0;
        int failed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            using var listener = new SecureListener();
            Task<ConnectionHandle> dial = client.DialAsync(new Echo(), listener.Target);
            bool isWhole = await TalkAsync(listener, context, new Random(seed), seed);
            whole += isWhole ? 1 : 0;
            try
            {
                await dial.WaitAsync(Clients.Patience);
            }
            catch (GainException fault) when (!isWhole)
            {
                failed++;
                Assert.That(
                    fault.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.HandshakeFailed),
                    $"seed {seed}");
            }
        }

        Assert.That(whole, Is.InRange(Seeds / 4, Seeds * 3 / 4), "conversations that were not cut");
        Assert.That(failed, Is.Not.Zero, "handshakes that were cut");
        await client.StopAsync(TimeSpan.FromSeconds(5)).WaitAsync(Clients.Patience);
        Assert.That(client.Statistics.FailedConnects, Is.EqualTo(failed));
        Assert.That(client.Statistics.Connected, Is.EqualTo(Seeds - failed));
    }

    /// <returns>Whether it came to its end; else it was cut on purpose.</returns>
    private static async Task<bool> TalkAsync(
        SecureListener listener, TlsContext context, Random random, int seed)
    {
        using Socket socket = await listener.AcceptAsync();
        using var peer = new Peer(context);
        byte[] question = RecordTests.Noise(random.Next(1, 60_000));
        int stepsLeft = random.Next(2) == 0 ? int.MaxValue : random.Next(12);
        var buffer = new byte[70_000];
        bool isAsked = false;
        while (peer.Received.Length < question.Length)
        {
            int received = await socket.ReceiveAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)))
                .AsTask().WaitAsync(Clients.Patience);
            Assert.That(received, Is.Not.Zero, $"seed {seed}: the client closed");
            peer.Receive(buffer.AsSpan(0, received));
            Assert.That(peer.Status, Is.Not.EqualTo(TlsStatus.Failed), $"seed {seed}");
            if (peer.Session.IsHandshaken && !isAsked)
            {
                isAsked = true;
                peer.Send(question);
            }

            byte[] sent = peer.Sent.TakeAll();
            for (int at = 0; at < sent.Length;)
            {
                if (stepsLeft-- == 0)
                {
                    socket.LingerState = new LingerOption(true, random.Next(2));
                    return false;
                }

                int count = Math.Min(sent.Length - at, random.Next(1, 1 + random.Next(1, 1_500)));
                await Clients.SendAllAsync(socket, sent.AsMemory(at, count));
                at += count;
            }
        }

        Assert.That(peer.Received.ToArray(), Is.EqualTo(question), $"seed {seed}");
        return true;
    }
}
