using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Large writes, seen from the wire.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
public class LargeWriteTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    // A record of TLS 1.3 is longer than its content by its type and its tag.
    private const int Overhead = 1 + 16;

    [TestCase(1_000, "1008")]
    [TestCase(16_320, "4 16320 4")]
    [TestCase(16_321, "4 16320 1 4")]
    [TestCase(81_600, "4 16320 16320 16320 16320 16320 4")]
    [TestCase(100_000, "4 16320 16320 16320 16320 16320 16320 2080 4")]
    public async Task A_large_write_is_sealed_in_full_records(int length, string expected)
    {
        using TlsContext context = TlsContext.ForClient(Pair.ClientOptions());
        var options = new TlsServerOptions { Certificate = Certificates.For(Pair.Host), TicketKeys = null };
        GainServer server = Start(new LargeWriter(), options);
        using Socket socket = await Clients.ConnectAsync(server);
        using var peer = new Peer(context, Pair.Host);
        peer.Receive();
        while (!peer.Session.IsHandshaken)
        {
            await ExchangeAsync(socket, peer, wire: null);
        }

        for (int round = 0; round < 2; round++)
        {
            using var wire = new MemoryStream();
            int before = (int)peer.Received.Length;
            peer.Send(BitConverter.GetBytes(length));
            while (peer.Received.Length - before < length + 8)
            {
                await ExchangeAsync(socket, peer, wire);
            }

            byte[] answer = peer.Received.ToArray()[before..];
            Assert.That(answer[..4], Is.EqualTo("head"u8.ToArray()));
            Assert.That(answer[^4..], Is.EqualTo("tail"u8.ToArray()));
            Assert.That(answer[4..^4].Where((one, i) => one != (byte)(i * 7)), Is.Empty);
            Assert.That(string.Join(' ', ContentsOf(wire.ToArray())), Is.EqualTo(expected));
        }
    }

    private static async Task ExchangeAsync(Socket socket, Peer peer, MemoryStream? wire)
    {
        var buffer = new byte[65_536];
        await Clients.SendAllAsync(socket, peer.Sent.TakeAll());
        int received = await socket.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
        Assert.That(received, Is.Not.Zero, "the server closed");
        wire?.Write(buffer, 0, received);
        peer.Receive(buffer.AsSpan(0, received));
    }

    private static IEnumerable<int> ContentsOf(byte[] wire)
    {
        for (int at = 0; at < wire.Length;)
        {
            int length = (wire[at + 3] << 8) | wire[at + 4];
            yield return length - Overhead;
            at += 5 + length;
        }
    }
}
