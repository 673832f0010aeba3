using System.Net.Sockets;

namespace Gain.Tests.Server.Overload;

/// <summary>What a callback may do to the server, from each of them.</summary>
public class EveryCallbackTests(GainRing ring) : ServerTest(ring)
{
    private const int Answer = 400_000;

    [TestCase("OnAccept")]
    [TestCase("OnRead")]
    [TestCase("OnWrite")]
    [TestCase("OnDrained")]
    [TestCase("OnReadClosed")]
    [TestCase("OnTimer")]
    [TestCase("OnMessage")]
    [TestCase("OnClose")]
    public async Task Exception_in_it_is_one_fault_of_one_connection(string callback)
    {
        var journal = new Journal();
        int thrown = 0;
        GainServer server = Start(
            new EveryCallback(
                journal,
                name =>
                {
                    if (name == callback && Interlocked.Increment(ref thrown) == 1)
                    {
                        throw new InvalidOperationException($"as asked of {name}");
                    }
                }),
            Options());
        if (callback == "OnAccept")
        {
            // It happens to the first connection, and the reset may come before its connect has returned.
            Assert.That(
                async () =>
                {
                    using Socket client = await Clients.ConnectAsync(server);
                    await ConverseAsync(client);
                },
                Throws.InstanceOf<SocketException>());
        }
        else
        {
            using Socket bystander = await Clients.ConnectAsync(server);
            using Socket client = await Clients.ConnectAsync(server);
            await ConverseOrBeResetAsync(client);
            if (callback != "OnClose")
            {
                Assert.That(await ConverseAsync(bystander), Is.EqualTo(Answer));
            }
        }

        using Socket later = await Clients.ConnectAsync(server);
        Assert.That(await ConverseAsync(later), Is.EqualTo(Answer));
        string[] entries = await journal.AwaitAsync(2);
        string[] faults = [.. entries.Where(entry => entry.Contains("HandlerFault"))];
        Assert.That(
            faults,
            callback == "OnClose" ? Is.Empty : Is.EqualTo([$"HandlerFault as asked of {callback}"]));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [TestCase("OnAccept")]
    [TestCase("OnRead")]
    [TestCase("OnWrite")]
    [TestCase("OnDrained")]
    [TestCase("OnReadClosed")]
    [TestCase("OnTimer")]
    [TestCase("OnMessage")]
    [TestCase("OnClose")]
    public async Task Stop_from_it_ends_the_server_and_a_wait_for_it_does_not_hang(string callback)
    {
        GainServer? server = null;
        using var started = new ManualResetEventSlim();
        var journal = new Journal();
        server = Start(
            new EveryCallback(
                journal,
                name =>
                {
                    if (name == callback)
                    {
                        started.Wait();
                        server!.StopAsync(Clients.Patience).Wait();
                    }
                }),
            Options());
        started.Set();
        using (Socket client = await Clients.ConnectAsync(server))
        {
            // Whole, when the request was there before the stop: a later one is not read anymore.
            int received = await ConverseAsync(client);
            Assert.That(received, callback == "OnAccept" ? Is.AnyOf(0, Answer) : Is.EqualTo(Answer));
        }

        await server.WaitForShutdownAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
        Assert.That(journal.Entries, Has.Length.EqualTo(1).And.None.Contains("Aborted"));
    }

    private static GainOptions Options() => new()
    {
        WorkerCount = 1,
        Logger = new RecordingLogger(),
        Limits = { OutboundHighWatermarkBytes = 100_000, OutboundLowWatermarkBytes = 1_000 },
    };

    // Everything that has callbacks: a request, a large answer, a timer and a message on the way, and FIN by
    // both.
    private static async Task<int> ConverseAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        int received = 0;
        byte[] buffer = new byte[Answer];
        while (received < Answer)
        {
            int got = await client.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
            if (got == 0)
            {
                return received;
            }

            received += got;
        }

        client.Shutdown(SocketShutdown.Send);
        return received + (await Clients.ReceiveToEndAsync(client)).Length;
    }

    private static async Task ConverseOrBeResetAsync(Socket client)
    {
        try
        {
            Assert.That(await ConverseAsync(client), Is.AtMost(Answer));
        }
        catch (SocketException reset)
        {
            Assert.That(reset.SocketErrorCode, Is.AnyOf(SocketError.ConnectionReset, SocketError.Shutdown));
        }
    }
}

/// <summary>Answers a request, after a moment and in large, and calls the test from each callback.</summary>
[GainProtocol]
internal partial struct EveryCallback(Journal journal, Action<string> enter)
{
    private static readonly byte[] s_answer = new byte[400_000];

    private int _ends;

    private readonly void OnAccept() => enter("OnAccept");

    private readonly void OnRead(Connection connection)
    {
        connection.SetTimer(TimeSpan.FromMilliseconds(1));
        Assert.That(connection.Handle.TryPost(connection.WorkerIndex));
        enter("OnRead");
        connection.Send(s_answer);
    }

    private void OnTimer(Connection connection)
    {
        enter("OnTimer");
        CloseAfterAll(connection);
    }

    private void OnMessage(Connection connection, int worker)
    {
        Assert.That(worker, Is.EqualTo(connection.WorkerIndex));
        enter("OnMessage");
        CloseAfterAll(connection);
    }

    private readonly void OnWrite() => enter("OnWrite");

    private readonly void OnDrained() => enter("OnDrained");

    private void OnReadClosed(Connection connection)
    {
        enter("OnReadClosed");
        CloseAfterAll(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        journal.Add($"{reason} {connection.Fault?.Message}".Trim());
        enter("OnClose");
    }

    // The timer, the message and the peer's end: so that no conversation is over before all has been called.
    private void CloseAfterAll(Connection connection)
    {
        if (++_ends == 3)
        {
            connection.Close();
        }
    }
}
