using System.Net.Sockets;

namespace Gain.Tests.Server.Overload;

/// <summary>What had arrived when a stop began is delivered and answered, whoever it came from.</summary>
public class StopDeliveryTests(GainRing ring) : ServerTest(ring)
{
    private static readonly byte[] s_question = "hello\n"u8.ToArray();

    // Far more than a ring hands over at once, and than there are buffers.
    [Test]
    public async Task Requests_of_all_clients_that_lay_in_their_sockets_are_answered(
        [Values] GainArchitecture architecture)
    {
        const int Count = 1_000;
        using var gate = new Gate();
        var options = new GainOptions
        {
            WorkerCount = 2,
            Architecture = architecture,
            Buffers = { ReceiveBufferCount = 64 },
        };
        GainServer server = Start(new GatedEcho(gate), options);
        List<Socket> clients = await ConnectAllAsync(server, Count);
        await Task.WhenAll(clients.Select(AskAsync));
        Task stopped = await StopBehindGateAsync(server, gate, options.WorkerCount, clients);

        await AssertAnsweredAsync(clients);
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.RefusedStopping, Is.Zero);
    }

    [Test]
    public async Task Clients_that_waited_in_the_listen_queue_are_served_and_later_ones_refused(
        [Values] GainArchitecture architecture)
    {
        const int Count = 100;
        using var gate = new Gate();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Architecture = architecture,
            Timeouts = { Linger = ShortLinger },
        };
        GainServer server = Start(new GatedEcho(gate), options);
        using Socket first = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(first, "gate\n"u8.ToArray());
        await gate.AwaitEnteredAsync(1);

        // Nobody accepts now, where the worker does; what the acceptor has accepted waits for the worker.
        List<Socket> clients = await ConnectAllAsync(server, Count);
        foreach (Socket client in clients)
        {
            await Clients.SendAllAsync(client, s_question);
        }

        Task stopped = server.StopAsync(Clients.Patience);
        gate.Open();
        await AssertAnsweredAsync(clients);
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(await IsRefusedAsync(server));
    }

    [Test]
    public async Task Clients_are_refused_as_soon_as_a_stop_has_begun_and_not_kept_waiting()
    {
        GainServer server = Start(new KeptEcho(new Journal()), new GainOptions { WorkerCount = 2 });
        using Socket kept = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(kept, s_question);
        await Clients.ReceiveExactlyAsync(kept, s_question.Length);
        Task stopped = server.StopAsync(Clients.Patience);
        while (!await IsRefusedAsync(server))
        {
            // The workers have not all heard of it.
            Assert.That(stopped.IsCompleted, Is.False);
        }

        Assert.That(stopped.IsCompleted, Is.False, "one connection is kept");
        kept.Shutdown(SocketShutdown.Send);
        await stopped.WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task A_protocol_that_is_told_of_the_stop_keeps_its_connections_until_it_closes_them()
    {
        const int Bytes = 8 << 20;
        var journal = new Journal();
        GainServer server = Start(new KeptEcho(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        using Socket idle = await Clients.ConnectAsync(server);
        byte[] sent = Clients.Pattern(Bytes, 1);
        Task sending = Clients.SendAllAsync(client, sent);
        byte[] beginning = await Clients.ReceiveExactlyAsync(client, 100_000);
        await journal.AwaitAsync(entry => entry == "accept", 2);
        Task stopped = server.StopAsync(Clients.Patience);
        byte[] rest = await Clients.ReceiveExactlyAsync(client, Bytes - beginning.Length);
        await sending;
        Assert.That(beginning.AsSpan().SequenceEqual(sent.AsSpan(0, beginning.Length)));
        Assert.That(rest.AsSpan().SequenceEqual(sent.AsSpan(beginning.Length)));
        client.Shutdown(SocketShutdown.Send);
        idle.Shutdown(SocketShutdown.Send);
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(journal.Entries.Count(entry => entry == "stopping"), Is.EqualTo(2), "once for each");
        Assert.That(
            journal.Entries.Where(entry => entry.StartsWith("close")),
            Is.All.EqualTo($"close {nameof(CloseReason.PeerClosed)}"));
    }

    [Test]
    public async Task What_a_protocol_keeps_is_reset_at_the_deadline()
    {
        var journal = new Journal();
        GainServer server = Start(new KeptEcho(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(1);
        await server.StopAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(Clients.Patience);
        string[] expected = ["accept", "stopping", $"close {nameof(CloseReason.Aborted)}"];
        Assert.That(journal.Entries, Is.EqualTo(expected));
    }

    private static async Task<bool> IsRefusedAsync(GainServer server)
    {
        try
        {
            (await Clients.TryConnectAsync(server))?.Dispose();
            return false;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return true;
        }
    }

    private static async Task<List<Socket>> ConnectAllAsync(GainServer server, int count)
    {
        var clients = new List<Socket>();
        for (int i = 0; i < count; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        return clients;
    }

    private static async Task AskAsync(Socket client)
    {
        await Clients.SendAllAsync(client, s_question);
        Assert.That(await Clients.ReceiveExactlyAsync(client, s_question.Length), Is.EqualTo(s_question));
    }

    // While the workers are in a callback, everybody asks, and the stop begins.
    private static async Task<Task> StopBehindGateAsync(
        GainServer server, Gate gate, int workers, List<Socket> clients)
    {
        var holders = new List<Socket>();
        while (gate.Entered < workers)
        {
            Socket holder = await Clients.ConnectAsync(server);
            holders.Add(holder);
            int entered = gate.Entered;
            await Clients.SendAllAsync(holder, "gate\n"u8.ToArray());
            await gate.AwaitEnteredOrHeldAsync(entered);
        }

        foreach (Socket client in clients)
        {
            await Clients.SendAllAsync(client, s_question);
        }

        Task stopped = server.StopAsync(Clients.Patience);
        gate.Open();
        foreach (Socket holder in holders)
        {
            Assert.That(await Clients.ReceiveToEndAsync(holder), Is.EqualTo("gate\n"u8.ToArray()));
            holder.Dispose();
        }

        return stopped;
    }

    private static async Task AssertAnsweredAsync(List<Socket> clients)
    {
        int answered = 0;
        foreach (Socket client in clients)
        {
            byte[] answer = await Clients.ReceiveToEndAsync(client);
            answered += answer.AsSpan().SequenceEqual(s_question) ? 1 : 0;
            client.Dispose();
        }

        Assert.That(answered, Is.EqualTo(clients.Count), "requests that had arrived and were answered");
    }
}

/// <summary>Holds workers in their callbacks.</summary>
internal sealed class Gate : IDisposable
{
    private readonly ManualResetEventSlim _open = new();
    private readonly SemaphoreSlim _changed = new(0);
    private int _entered;

    public int Entered => Volatile.Read(ref _entered);

    public void Open() => _open.Set();

    public void Pass()
    {
        Interlocked.Increment(ref _entered);
        _changed.Release();
        Assert.That(_open.Wait(Clients.Patience));
    }

    public async Task AwaitEnteredAsync(int count)
    {
        while (Entered < count)
        {
            Assert.That(await _changed.WaitAsync(Clients.Patience));
        }
    }

    /// <summary>Waits until one more has entered; not for long, as the worker may be held already.</summary>
    public Task AwaitEnteredOrHeldAsync(int before) => Entered > before
        ? Task.CompletedTask
        : _changed.WaitAsync(TimeSpan.FromMilliseconds(100));

    public void Dispose()
    {
        _open.Dispose();
        _changed.Dispose();
    }
}

[GainProtocol]
[Delimited("\n", MaxFrameLength = 100)]
internal readonly partial struct GatedEcho(Gate gate)
{
    private void OnFrame(Connection connection, ReadOnlySpan<byte> frame)
    {
        if (frame.SequenceEqual("gate"u8))
        {
            gate.Pass();
        }

        connection.Send(frame);
        connection.Send("\n"u8);
    }
}

/// <summary>Echoes, and goes on with it while the server stops.</summary>
[GainProtocol]
internal readonly partial struct KeptEcho(Journal journal)
{
    private void OnAccept() => journal.Add("accept");

    private void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private void OnStopping() => journal.Add("stopping");

    private void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
