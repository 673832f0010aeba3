using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>Writing into the memory that is sent, over a socket.</summary>
public sealed class SpanWritingServerTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Answers_written_in_every_way_arrive_in_order()
    {
        GainServer server = Start(new SpanWritingProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] request = Clients.Pattern(300, 1);
        byte[] answer = [.. request.SelectMany(SpanWritingProtocol.AnswerTo)];
        Task sending = Clients.SendAllAsync(client, request);

        byte[] received = await Clients.ReceiveExactlyAsync(client, answer.Length);
        Assert.That(received.AsSpan().SequenceEqual(answer));
        await sending;
    }

    [Test]
    public async Task A_throw_between_GetSpan_and_Advance_sends_nothing_and_loses_nothing()
    {
        var journal = new Journal();
        GainServer server = Start(
            new UnadvancedProtocol(journal),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        using Socket witness = await Clients.ConnectAsync(server);
        foreach (byte kilobytes in new byte[] { 1, 100 })
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, new[] { kilobytes });
            Assert.That(
                async () => await Clients.ReceiveToEndAsync(client), Throws.InstanceOf<SocketException>());
            await Clients.SendAllAsync(witness, "\0"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(witness, 2), Is.EqualTo("ok"u8.ToArray()));
        }

        // That every segment is home, the worker checks when it stops.
        await server.StopAsync();
        Assert.That(
            journal.Entries.Take(2),
            Is.EqualTo(new[] { "close HandlerFault as asked", "close HandlerFault as asked" }));
    }
}

/// <summary>Answers each byte in one of four ways, with lengths that it tells.</summary>
[GainProtocol]
internal partial struct SpanWritingProtocol(Journal journal)
{
    private static ReadOnlySpan<byte> Page =>
        """
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyzABCD
        """u8;

    public static byte[] AnswerTo(byte value) => (value % 4) switch
    {
        0 => [value],
        1 => [.. Enumerable.Repeat(value, 200 * value)],
        2 => Page.ToArray(),
        _ => [.. Enumerable.Repeat(value, value)],
    };

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data)
        {
            Answer(connection, value);
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");

    private static void Answer(Connection connection, byte value)
    {
        switch (value % 4)
        {
            case 0:
                connection.Send([value]);
                break;
            case 1:
                connection.GetSpan(200 * value)[..(200 * value)].Fill(value);
                connection.Advance(200 * value);
                break;
            case 2:
                connection.SendStatic(Page);
                break;
            default:
                connection.GetSpan()[..value].Fill(value);
                connection.Advance(value);
                break;
        }
    }
}

/// <summary>Asks for memory of as many kilobytes as it is told, and throws; answers a zero.</summary>
[GainProtocol]
internal partial struct UnadvancedProtocol(Journal journal)
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data[0] == 0)
        {
            connection.Send("ok"u8);
            return;
        }

        connection.GetSpan(data[0] << 10).Fill((byte)'x');
        throw new InvalidOperationException("as asked");
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}
