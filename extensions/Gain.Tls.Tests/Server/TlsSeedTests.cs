using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>
/// Clients that send their records in any pieces, and go at any step, by seeds: whatever they do, the others
/// are served, and nothing of them is left.
/// </summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class TlsSeedTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    private const int Seeds = 150;

    [Test]
    public async Task Clients_in_any_pieces_that_go_at_any_step_leave_nothing()
    {
        var options = new TlsClientOptions { TrustedRoots = Certificates.Roots };
        using TlsContext context = TlsContext.ForClient(options);
        var serverOptions = new TlsServerOptions { Certificate = Certificates.For(Pair.Host) };
        GainServer server = Start(new Echo(), serverOptions);
        int whole = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            whole += await TalkAsync(server, context, new Random(seed), seed) ? 1 : 0;
        }

        Assert.That(whole, Is.InRange(Seeds / 4, Seeds * 3 / 4), "conversations that were not cut");
        Assert.That(server.Statistics.Accepted, Is.EqualTo(Seeds));
    }

    /// <returns>Whether it came to its end; else it was cut on purpose.</returns>
    private static async Task<bool> TalkAsync(GainServer server, TlsContext context, Random random, int seed)
    {
        using Socket socket = await Clients.ConnectAsync(server);
        socket.NoDelay = true;
        using var peer = new Peer(context, Pair.Host);
        byte[] question = RecordTests.Noise(random.Next(1, 60_000));
        int stepsLeft = random.Next(2) == 0 ? int.MaxValue : random.Next(40);
        var buffer = new byte[70_000];
        bool isAsked = false;
        peer.Receive();
        while (peer.Received.Length < question.Length)
        {
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

                int count = Math.Min(sent.Length - at, random.Next(1, 1 + random.Next(1, 6_000)));
                await Clients.SendAllAsync(socket, sent.AsMemory(at, count));
                at += count;
            }

            int received = await socket.ReceiveAsync(buffer.AsMemory(0, random.Next(1, buffer.Length)))
                .AsTask().WaitAsync(Clients.Patience);
            Assert.That(received, Is.Not.Zero, $"seed {seed}: the server closed");
            peer.Receive(buffer.AsSpan(0, received));
            Assert.That(peer.Status, Is.Not.EqualTo(TlsStatus.Failed), $"seed {seed}");
        }

        Assert.That(peer.Received.ToArray(), Is.EqualTo(question), $"seed {seed}");
        return true;
    }
}
