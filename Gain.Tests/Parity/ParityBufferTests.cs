using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>
/// What the original's connection buffer does, by the span that OnRead is given and the count that it
/// returns: the bytes that it does not consume come again, in front of those that follow.
/// </summary>
public sealed class ParityBufferTests(GainRing ring, GainArchitecture architecture)
    : ParityTest(ring, architecture)
{
    private Journal _journal = new();

    [SetUp]
    public void NewJournal() => _journal = new Journal();

    // Next(n) takes n bytes, and the rest stays.
    [Test]
    public async Task Next_is_a_slice_and_its_length_returned()
    {
        using Socket client = await ConnectAsync((connection, data) =>
        {
            if (data.Length < 1_024)
            {
                return 0;
            }

            int consumed = 0;
            foreach (int n in new[] { 100, 24, 900 })
            {
                ReadOnlySpan<byte> next = data.Slice(consumed, n);
                consumed += n;
                connection.Send(next);
            }

            return consumed;
        });
        await AssertComesBackAsync(client, Clients.Pattern(1_024, 1));
    }

    // Next(-1) and Read take all.
    [Test]
    public async Task Next_of_everything_is_the_span_and_its_length_returned()
    {
        using Socket client = await ConnectAsync(static (connection, data) =>
        {
            connection.Send(data);
            return data.Length;
        });
        await AssertComesBackAsync(client, Clients.Pattern(1_024, 2));
    }

    // Peek(n) and Peek(-1) take nothing: the same bytes come again, with those that follow.
    [Test]
    public async Task Peek_is_looking_at_the_span_and_returning_0()
    {
        byte[] all = Clients.Pattern(2_048, 3);
        using Socket client = await ConnectAsync((connection, data) =>
        {
            bool isPrefix = all.AsSpan().StartsWith(data);
            _journal.Add($"{isPrefix} {data.Length}");
            if (data.Length < all.Length)
            {
                return 0;
            }

            connection.Send(data);
            return data.Length;
        });
        await Clients.SendAllAsync(client, all.AsMemory(0, 1_024));
        Assert.That(await _journal.AwaitAsync(1), Is.EqualTo(new[] { "True 1024" }));
        await Clients.SendAllAsync(client, all.AsMemory(1_024));

        Assert.That(await Clients.ReceiveExactlyAsync(client, all.Length), Is.EqualTo(all));
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "True 1024", "True 2048" }));
    }

    // Discard(n) drops n bytes, and the rest stays.
    [Test]
    public async Task Discard_is_returning_a_count_and_keeps_the_tail()
    {
        bool discarded = false;
        using Socket client = await ConnectAsync((connection, data) =>
        {
            if (!discarded)
            {
                if (data.Length < 1_024)
                {
                    return 0;
                }

                discarded = true;
                _journal.Add("discarded");
                return 512;
            }

            connection.Send(data);
            return data.Length;
        });
        byte[] sent = Clients.Pattern(1_025, 4);
        await Clients.SendAllAsync(client, sent.AsMemory(0, 1_024));
        await _journal.AwaitAsync(1);
        await Clients.SendAllAsync(client, sent.AsMemory(1_024));

        Assert.That(await Clients.ReceiveExactlyAsync(client, 513), Is.EqualTo(sent[512..]));
    }

    // Discard(-1) drops all.
    [Test]
    public async Task Discard_of_everything_is_returning_the_length()
    {
        using Socket client = await ConnectAsync((connection, data) =>
        {
            if (data[^1] == (byte)'!')
            {
                connection.Send("!"u8);
            }

            return data.Length;
        });
        await Clients.SendAllAsync(client, "to be dropped!"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("!"u8.ToArray()));
    }

    // InboundBuffered is the span's length.
    [Test]
    public async Task Buffered_count_is_the_length_of_the_span()
    {
        using Socket client = await ConnectAsync((_, data) =>
        {
            _journal.Add($"{data.Length}");
            return data.Length > 150 ? data.Length : 0;
        });
        await Clients.SendAllAsync(client, new byte[100]);
        await _journal.AwaitAsync(1);
        await Clients.SendAllAsync(client, new byte[100]);
        await _journal.AwaitAsync(2);
        await Clients.SendAllAsync(client, new byte[7]);

        Assert.That(await _journal.AwaitAsync(3), Is.EqualTo(new[] { "100", "200", "7" }));
    }

    // Read(buffer) copies what fits.
    [Test]
    public async Task Read_is_a_copy_of_what_fits()
    {
        byte[] buffer = new byte[100];
        using Socket client = await ConnectAsync((connection, data) =>
        {
            int consumed = 0;
            while (consumed < data.Length)
            {
                int n = Math.Min(buffer.Length, data.Length - consumed);
                data.Slice(consumed, n).CopyTo(buffer);
                connection.Send(buffer.AsSpan(0, n));
                consumed += n;
            }

            return consumed;
        });
        await AssertComesBackAsync(client, Clients.Pattern(1_024, 5));
    }

    // WriteTo(writer) drains the inbound buffer.
    [Test]
    public async Task WriteTo_is_a_write_of_the_span()
    {
        using var stream = new MemoryStream();
        using Socket client = await ConnectAsync((connection, data) =>
        {
            stream.Write(data);
            connection.Send(data);
            return data.Length;
        });
        byte[] sent = Clients.Pattern(1_024, 6);
        await AssertComesBackAsync(client, sent);

        Assert.That(stream.ToArray(), Is.EqualTo(sent));
    }

    // ReadFrom(reader) fills the outbound buffer, and OutboundBuffered says how full it is.
    [Test]
    public async Task ReadFrom_is_a_read_into_the_memory_that_is_sent()
    {
        byte[] content = Clients.Pattern(1_024, 7);
        using Socket client = await ConnectAsync((connection, data) =>
        {
            using var stream = new MemoryStream(content);
            int before = connection.OutboundBytes;
            for (int n = -1; n != 0;)
            {
                n = stream.Read(connection.GetSpan(300));
                connection.Advance(n);
            }

            _journal.Add($"{before} {connection.OutboundBytes}");
            return data.Length;
        });
        await Clients.SendAllAsync(client, "?"u8.ToArray());

        Assert.That(await Clients.ReceiveExactlyAsync(client, content.Length), Is.EqualTo(content));
        Assert.That(await _journal.AwaitAsync(1), Is.EqualTo(new[] { "0 1024" }));
    }

    // Once closed: nothing is written anymore, and the handler is told so.
    [Test]
    public async Task Operations_after_the_close_are_refused()
    {
        using Socket client = await ConnectAsync((connection, data) =>
        {
            connection.Send("last"u8);
            connection.Close();
            _journal.Add($"{!connection.IsClosing} {connection.TrySend("no"u8)}");
            connection.Send("nor this"u8);
            connection.Close();
            return data.Length;
        });
        await Clients.SendAllAsync(client, "?"u8.ToArray());

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("last"u8.ToArray()));
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "False False" }));
    }

    // Growth: what is not consumed is kept up to the limit, contiguous, whatever pieces it came in.
    [Test]
    public async Task Unconsumed_bytes_grow_to_the_limit_in_one_piece()
    {
        const int limit = 64 << 20;
        byte[] all = Clients.Pattern(limit, 8);
        using Socket client = await ConnectAsync(
            (connection, data) =>
            {
                if (data.Length < limit)
                {
                    return 0;
                }

                connection.Send(all.AsSpan().SequenceEqual(data) ? "same"u8 : "else"u8);
                return data.Length;
            },
            new GainOptions
            {
                Limits = { MaxUnconsumedBytes = limit },
                Buffers = { ReceiveBufferBytes = 1 << 20, ReceiveBufferCount = 16 },
                WorkerCount = 1,
            });
        Task sending = Clients.SendAllAsync(client, all);

        Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("same"u8.ToArray()));
        await sending;
    }

    // Wrap-around: pieces of every length, consumed at other lengths, read as one stream.
    [Test]
    public async Task Pieces_of_any_length_read_as_one_stream()
    {
        using Socket client = await ConnectAsync(static (connection, data) =>
        {
            int whole = data.Length - (data.Length % 7);
            connection.Send(data[..whole]);
            return whole;
        });
        byte[] all = Clients.Pattern(7 * 40_000, 9);
        Task<byte[]> receiving = Clients.ReceiveExactlyAsync(client, all.Length);
        for (int sent = 0, n = 1; sent < all.Length; sent += n, n = (n * 3 % 4_093) + 1)
        {
            n = Math.Min(n, all.Length - sent);
            await Clients.SendAllAsync(client, all.AsMemory(sent, n));
        }

        Assert.That((await receiving).AsSpan().SequenceEqual(all));
    }

    // Byte by byte, in both directions.
    [Test]
    public async Task Single_bytes_are_read_and_written()
    {
        using Socket client = await ConnectAsync(static (connection, data) =>
        {
            connection.Send([(byte)(data[0] + 1)]);
            return 1;
        });
        foreach (byte value in "abc"u8.ToArray())
        {
            await Clients.SendAllAsync(client, new[] { value });
            Assert.That(await Clients.ReceiveExactlyAsync(client, 1), Is.EqualTo(new[] { value + 1 }));
        }
    }

    // The original's errors of a wrong mode: here there is no connection to call where it must not be.
    [Test]
    public void A_connection_cannot_be_kept_beyond_its_callback() =>
        Assert.That(typeof(Connection).IsByRefLike, "a ref struct lives on the stack");

    [Test]
    public async Task Bodies_behind_headers_come_whatever_pieces_they_arrive_in()
    {
        GainServer server = Start(new BodyProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = [2, 0, .. "ab"u8, 0, 0, 3, 0, .. "cde"u8];
        foreach (byte value in sent)
        {
            await Clients.SendAllAsync(client, new[] { value });
        }

        await Clients.SendAllAsync(client, sent);
        Assert.That(
            await Clients.ReceiveExactlyAsync(client, 10), Is.EqualTo("abcdeabcde"u8.ToArray()));
    }

    private async Task<Socket> ConnectAsync(BufferProtocol.Act act, GainOptions? options = null) =>
        await Clients.ConnectAsync(Start(new BufferProtocol(act), options));

    private static async Task AssertComesBackAsync(Socket client, byte[] data)
    {
        await Clients.SendAllAsync(client, data);
        Assert.That(await Clients.ReceiveExactlyAsync(client, data.Length), Is.EqualTo(data));
    }
}
