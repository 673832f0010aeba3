using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>What becomes of connections that reading is paused for when their peers go.</summary>
public class HangUpTests(GainRing ring) : ServerTest(ring)
{
    [TestCase(false)]
    [TestCase(true)]
    public async Task Paused_connection_whose_peer_resets_ends_at_once(bool isPausedBefore)
    {
        (Journal journal, Socket client, ConnectionHandle handle) = await PauseAsync();
        if (isPausedBefore)
        {
            // The wait of the first pause is the second one's.
            Assert.That(handle.TryResumeReading());
            await Clients.SendAllAsync(client, "again"u8.ToArray());
            await journal.AwaitAsync(2);
        }

        client.Close(timeout: 0);
        string[] entries = await journal.AwaitAsync(entry => entry.StartsWith("close"), 1);
        Assert.That(entries[^1], Is.EqualTo($"close {nameof(CloseReason.Reset)}"));
    }

    [Test]
    public async Task Paused_connection_whose_peer_sends_FIN_stays_and_is_delivered_what_came_before()
    {
        (Journal journal, Socket client, ConnectionHandle handle) = await PauseAsync();
        await Clients.SendAllAsync(client, "last"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);

        // What the worker does next tells that it has gone on without an end.
        (Journal other, Socket bystander, _) = await PauseAsync();
        bystander.Close(timeout: 0);
        await other.AwaitAsync(2);
        Assert.That(journal.Entries, Is.EqualTo(["read first"]));
        Assert.That(handle.TryResumeReading());
        await journal.AwaitAsync(2);
        Assert.That(handle.TryResumeReading());
        string[] expected = ["read first", "read last", $"close {nameof(CloseReason.PeerClosed)}"];
        Assert.That(await journal.AwaitAsync(3), Is.EqualTo(expected));
        client.Dispose();
    }

    private async Task<(Journal Journal, Socket Client, ConnectionHandle Handle)> PauseAsync()
    {
        var journal = new Journal();
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server =
            Start(new PausedProtocol(handles, journal), new GainOptions { WorkerCount = 1 });
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "first"u8.ToArray());
        await journal.AwaitAsync(1);
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));
        return (journal, client, handle);
    }
}

/// <summary>Tells what it reads, and pauses after each read.</summary>
[GainProtocol]
internal partial struct PausedProtocol(BlockingCollection<ConnectionHandle> handles, Journal journal)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.PauseReading();
        handles.Add(connection.Handle);
        journal.Add($"read {System.Text.Encoding.ASCII.GetString(data)}");
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
