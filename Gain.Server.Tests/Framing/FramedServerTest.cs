using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>
/// What holds for every framing whose frames say how long they are. The protocols answer each frame with
/// its payload and a bar.
/// </summary>
public abstract class FramedServerTest(GainRing ring) : ServerTest(ring)
{
    private static readonly int[] s_lengths = [3, 0, 1, 7, 63, 64, 65, 128, 5];

    /// <summary>The limit that the protocol declares: that of the payload, most often.</summary>
    private protected abstract int MaxLength { get; }

    private protected virtual int LongestPayload => MaxLength;

    private protected abstract GainServer StartFramed(Journal journal, GainOptions? options = null);

    /// <summary>The frame of a payload, as a peer writes it.</summary>
    private protected abstract byte[] Encode(byte[] payload);

    /// <summary>The nearest length that a frame can have.</summary>
    private protected virtual int LengthFor(int wanted) => wanted;

    [Test]
    public async Task Frames_split_at_every_place_are_the_same_frames()
    {
        GainServer server = StartFramed(new Journal());
        using Socket client = await Clients.ConnectAsync(server);
        (byte[] stream, byte[] answer) = Conversation([3, 0, 1, 7]);
        for (int split = 1; split < stream.Length; split++)
        {
            await Clients.SendAllAsync(client, stream.AsMemory(0, split));
            await Clients.SendAllAsync(client, stream.AsMemory(split));
            byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
            Assert.That(received, Is.EqualTo(answer), $"split at {split}");
        }
    }

    [Test]
    public async Task Frames_that_arrive_byte_by_byte_are_found()
    {
        GainServer server = StartFramed(new Journal());
        using Socket client = await Clients.ConnectAsync(server);
        (byte[] stream, byte[] answer) = Conversation(s_lengths);
        foreach (byte b in stream)
        {
            await Clients.SendAllAsync(client, new[] { b });
        }

        Assert.That(await Clients.ReceiveExactlyAsync(client, answer.Length), Is.EqualTo(answer));
    }

    [Test]
    public async Task Frames_pipelined_over_tiny_buffers_keep_their_order()
    {
        GainServer server = StartFramed(new Journal(), new GainOptions
        {
            Buffers = { ReceiveBufferBytes = 64 },
        });
        using Socket client = await Clients.ConnectAsync(server);
        (byte[] stream, byte[] answer) =
            Conversation([.. Enumerable.Range(0, 5_000).Select(i => s_lengths[i % s_lengths.Length])]);
        Task sending = Clients.SendAllAsync(client, stream);
        Assert.That(await Clients.ReceiveExactlyAsync(client, answer.Length), Is.EqualTo(answer));
        await sending;
    }

    [Test]
    public async Task The_longest_frame_is_accepted()
    {
        GainServer server = StartFramed(new Journal());
        using Socket client = await Clients.ConnectAsync(server);
        (byte[] stream, byte[] answer) = Conversation([LongestPayload, 1, LongestPayload]);
        Task sending = Clients.SendAllAsync(client, stream);
        Assert.That(await Clients.ReceiveExactlyAsync(client, answer.Length), Is.EqualTo(answer));
        await sending;
    }

    /// <summary>Frames that were whole before a violation are answered, and then it is.</summary>
    private protected async Task AssertRejectsAsync(byte[] header, ProtocolErrorKind kind, bool byByte)
    {
        var journal = new Journal();
        GainServer server = StartFramed(journal);
        using Socket client = await Clients.ConnectAsync(server);
        (byte[] stream, byte[] answer) = Conversation([3]);
        await Clients.SendAllAsync(client, stream);
        foreach (byte[] piece in byByte ? header.Select(b => new[] { b }) : [header])
        {
            await Clients.SendAllAsync(client, piece);
        }

        Assert.That(
            await Clients.ReceiveToEndAsync(client),
            Is.EqualTo((byte[])[.. answer, .. "rejected"u8]));
        Assert.That(
            await journal.AwaitAsync(2),
            Is.EqualTo(new[] { $"error {kind} {MaxLength}", "close ProtocolError" }));
        Assert.That(server.Statistics.ProtocolErrors, Is.EqualTo(1));
    }

    private (byte[] Stream, byte[] Answer) Conversation(int[] lengths)
    {
        var stream = new MemoryStream();
        var answer = new MemoryStream();
        for (int i = 0; i < lengths.Length; i++)
        {
            byte[] payload = Clients.Pattern(LengthFor(lengths[i]), i);
            stream.Write(Encode(payload));
            answer.Write(payload);
            answer.Write("|"u8);
        }

        return (stream.ToArray(), answer.ToArray());
    }
}
