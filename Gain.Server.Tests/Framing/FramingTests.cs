using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

public class FramingTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Frames_split_at_every_place_are_the_same_frames()
    {
        GainServer server = Start(new LineProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] stream = "one\r\n\r\ntwo\rthree\nfour\r\n"u8.ToArray();
        byte[] answer = "one\n\ntwo\rthree\nfour\n"u8.ToArray();
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
        GainServer server = Start(new LineProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        foreach (byte b in "ab\r\r\ncd\r\n"u8.ToArray())
        {
            await Clients.SendAllAsync(client, new[] { b });
        }

        Assert.That(await Clients.ReceiveExactlyAsync(client, 7), Is.EqualTo("ab\r\ncd\n"u8.ToArray()));
    }

    [Test]
    public async Task Frames_pipelined_over_many_buffers_keep_their_order()
    {
        GainServer server = Start(new LineProtocol(new Journal()), new GainOptions
        {
            Buffers = { ReceiveBufferBytes = 64 },
        });
        using Socket client = await Clients.ConnectAsync(server);
        var sent = new StringBuilder();
        for (int i = 0; i < 20_000; i++)
        {
            sent.Append("line ").Append(i).Append('x', i % 90).Append("\r\n");
        }

        string lines = sent.ToString();
        byte[] expected = Encoding.ASCII.GetBytes(lines.Replace("\r\n", "\n", StringComparison.Ordinal));
        Task sending = Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(lines));
        Assert.That(await Clients.ReceiveExactlyAsync(client, expected.Length), Is.EqualTo(expected));
        await sending;
    }

    [TestCase(1_000, false)]
    [TestCase(1_001, true)]
    public async Task The_longest_frame_is_accepted_and_one_byte_more_is_not(int length, bool isTooLong)
    {
        var journal = new Journal();
        GainServer server = Start(new LineProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] line = Encoding.ASCII.GetBytes(new string('a', length) + "\r\n");
        await Clients.SendAllAsync(client, line);
        if (isTooLong)
        {
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("too long\n"u8.ToArray()));
        }
        else
        {
            Assert.That(await Clients.ReceiveExactlyAsync(client, length + 1), Has.Length.EqualTo(1_001));
        }
    }

    [Test]
    public async Task Endless_frame_is_answered_and_closed_although_more_keeps_coming()
    {
        var journal = new Journal();
        GainServer server = Start(new LineProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        Task sending = Clients.SendAllAsync(client, new byte[500_000]);

        // A reset here would mean that closing overtook the answer.
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("too long\n"u8.ToArray()));
        await sending;
        Assert.That(
            await journal.AwaitAsync(2),
            Is.EqualTo(new[] { "error FrameTooLong 1000", "close ProtocolError" }));
        Assert.That(server.Statistics.ProtocolErrors, Is.EqualTo(1));
    }

    [Test]
    public async Task Frames_after_a_close_are_not_delivered()
    {
        GainServer server = Start(new LineProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "a\r\nbye\r\nnever\r\n"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("a\nbye\n"u8.ToArray()));
    }

    [Test]
    public async Task Bytes_left_unconsumed_come_again_in_front_of_the_next()
    {
        GainServer server = Start(new FourByteProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(1_003, 5);
        for (int at = 0; at < sent.Length; at += 3)
        {
            await Clients.SendAllAsync(client, sent.AsMemory(at, Math.Min(3, sent.Length - at)));
        }

        Assert.That(await Clients.ReceiveExactlyAsync(client, 1_000), Is.EqualTo(sent[..1_000]));
    }

    [Test]
    public async Task Too_many_unconsumed_bytes_close_the_connection()
    {
        var journal = new Journal();
        var options = new GainOptions { Limits = { MaxUnconsumedBytes = 10_000 } };
        GainServer server = Start(new HoardingProtocol(journal), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[10_000]);
        await Clients.SendAllAsync(client, new byte[1]);
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close InboundLimit" }));
    }

    [TestCase(-1)]
    [TestCase(6)]
    public async Task Impossible_number_of_consumed_bytes_is_a_fault_that_says_so(int consumed)
    {
        var journal = new Journal();
        var logger = new RecordingLogger();
        GainServer server = Start(
            new MiscountingProtocol(journal, consumed), new GainOptions { Logger = logger });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "12345"u8.ToArray());

        Assert.That(
            await journal.AwaitAsync(1),
            Is.EqualTo(new[]
            {
                $"close HandlerFault OnRead returned {consumed}, but it was given 5 bytes: return 0 to 5.",
            }));
    }
}

[GainProtocol]
internal partial struct HoardingProtocol(Journal journal)
{
    private static int OnRead() => 0;

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

[GainProtocol]
internal partial struct MiscountingProtocol(Journal journal, int consumed)
{
    private readonly int OnRead() => consumed;

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}
