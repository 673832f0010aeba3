using System.Collections.Concurrent;
using System.Net.Sockets;
using Gain.Testing;

namespace Gain.Tests.Server;

/// <summary>Bytes and messages cost no object, neither who posts them nor the worker.</summary>
public class PostingAllocationTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Posting_allocates_nothing_on_the_posters_thread()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new NumberedProtocol(handles), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));

        Post(handle, 5_000);
        AllocationAssert.Zero(() => Post(handle, 100));
    }

    [Test]
    public async Task Half_a_million_posts_allocate_nothing_on_the_worker()
    {
        // As for messages from clients: the JIT compiler allocates some kilobytes at moments of its own, and
        // one object a post would be 12 MB.
        await AllocatedByAsync(500_000);
        Assert.That(await AllocatedByAsync(500_000), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(int posts)
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new NumberedProtocol(handles), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));
        Task<byte[]> receiving = Clients.ReceiveToEndAsync(client);
        await Task.Run(() => Post(handle, posts / 2));
        Assert.That(handle.TryClose());

        // Two numbers' bytes for each pair: what was posted, and what the message's callback wrote.
        Assert.That((await receiving).Length, Is.EqualTo(posts / 2 * 2 * sizeof(long)));
        client.Dispose();
        await server.StopAsync().WaitAsync(Clients.Patience);
        return server.Statistics.AllocatedBytes;
    }

    // Bytes and a message, so many times; a full mailbox is waited for.
    private static void Post(ConnectionHandle handle, int pairs)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        for (int i = 0; i < pairs; i++)
        {
            bytes.Fill((byte)i);
            while (!handle.TrySend(bytes))
            {
                Thread.Yield();
            }

            while (!handle.TryPost(new Numbered(i)))
            {
                Thread.Yield();
            }
        }
    }
}

internal readonly record struct Numbered(long Number);

/// <summary>Answers each message with its number.</summary>
[GainProtocol]
internal partial struct NumberedProtocol(BlockingCollection<ConnectionHandle> handles)
{
    private readonly void OnAccept(Connection connection) => handles.Add(connection.Handle);

    private static void OnMessage(Connection connection, in Numbered message)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BitConverter.TryWriteBytes(bytes, message.Number);
        connection.Send(bytes);
    }
}
