using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>Records of one size: there is nothing to be hostile with, but an end in the middle.</summary>
public sealed class FixedSizeServerTests(GainRing ring) : FramedServerTest(ring)
{
    private protected override int MaxLength => FixedSizeProtocol.Size;

    private protected override GainServer StartFramed(Journal journal, GainOptions? options = null) =>
        Start(new FixedSizeProtocol(journal), options);

    private protected override byte[] Encode(byte[] payload) => payload;

    private protected override int LengthFor(int wanted) => FixedSizeProtocol.Size;

    [Test]
    public async Task Unfinished_record_is_dropped_when_the_peer_closes()
    {
        var journal = new Journal();
        GainServer server = StartFramed(journal);
        using Socket client = await Clients.ConnectAsync(server);
        byte[] stream = Clients.Pattern((2 * FixedSizeProtocol.Size) - 1, 3);
        await Clients.SendAllAsync(client, stream);
        client.Shutdown(SocketShutdown.Send);

        Assert.That(
            await Clients.ReceiveToEndAsync(client),
            Is.EqualTo((byte[])[.. stream[..FixedSizeProtocol.Size], (byte)'|']));
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close PeerClosed" }));
    }
}
