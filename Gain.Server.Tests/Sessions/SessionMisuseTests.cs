using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Sessions;

/// <summary>What a session must not do says so, and closes nothing else.</summary>
public class SessionMisuseTests(GainRing ring) : ServerTest(ring)
{
    [TestCase("two", "The session awaits Frame already")]
    [TestCase("result", "The result of a wait was asked for and is not there")]
    [TestCase("read", "Read was awaited, and the protocol declares a framing")]
    [TestCase("consume", "Data has 7 bytes: Consume takes 0 to 7.")]
    [TestCase("negative", "A timer or a delay is 0 to 24 days ahead")]
    [TestCase("thread", "A SessionContext was used on another thread")]
    [TestCase("left", "A SessionContext was used on another thread")]
    [TestCase("pool", "A Session or a Part waits only on the worker")]
    [TestCase("twice", "A Part was awaited twice")]
    [TestCase("again", "The result of a Part was asked for and is not there")]
    [TestCase("session", "A Session is started by Gain")]
    [TestCase("handler", "The connection's handler is no Gain.Tests.Server.Sessions.SessionEcho")]
    [TestCase("default", "This SessionContext is the default value")]
    public async Task Misuse_throws_what_is_wrong_and_the_session_goes_on(string misuse, string message)
    {
        GainServer server = Start(new SessionMisuser(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes($"{misuse}\nlet go\n"));
        client.Shutdown(SocketShutdown.Send);
        string answer = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
        Assert.That(answer, Does.StartWith(message));
        Assert.That(answer, Does.EndWith(";end"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Frame_without_a_framing_is_a_fault_that_says_so()
    {
        var journal = new Journal();
        GainServer server = Start(new SessionUnframed(journal), new GainOptions { WorkerCount = 1 });
        using Socket? client = await Clients.TryConnectAsync(server);
        await journal.AwaitAsync(1);
        Assert.That(journal.Entries[0], Does.StartWith("Frame was awaited, and no attribute"));
    }

    [Test]
    public async Task Read_after_false_ends_the_session_and_counts_as_no_fault()
    {
        var journal = new Journal();
        GainServer server = Start(new SessionStubborn(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("x"u8.ToArray()));
        await journal.AwaitAsync(2);
        Assert.That(
            journal.Entries,
            Is.EqualTo(new[] { "Read or Frame was awaited after it was false", "close PeerClosed" }));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Loop_that_ignores_false_does_not_hold_the_worker_at_a_stop()
    {
        var journal = new Journal();
        GainServer server = Start(
            new SessionTicker(journal),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 1);
        await server.StopAsync(Clients.Patience).WaitAsync(Clients.Patience);
        Assert.That(journal.Entries, Is.EqualTo(new[] { "close ServerStopped" }));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Method_that_is_not_async_ends_its_connection_at_once()
    {
        GainServer server = Start(new SessionAtOnce(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("at once"u8.ToArray()));
    }
}

/// <summary>Does what it is told to do wrong, and answers with what was thrown.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 1_000)]
internal partial struct SessionMisuser
{
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Frame())
        {
            string misuse = Encoding.ASCII.GetString(s.Data);
            try
            {
                await Misuse(s, misuse);
                await MisuseParts(s, misuse);
                if (misuse != "let go")
                {
                    s.Send("nothing was thrown"u8);
                }
            }
            catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
            {
                s.Send(Encoding.ASCII.GetBytes(fault.Message));
            }
        }

        s.Send(";end"u8);
    }

    private static async Part Misuse(SessionContext s, string misuse)
    {
        switch (misuse)
        {
            case "two":
                Part<bool> first = Wait(s);
                try
                {
                    await s.Frame();
                }
                finally
                {
                    await first;
                }

                break;
            case "result":
                _ = s.Frame().GetAwaiter().GetResult();
                break;
            case "read":
                await s.Read();
                break;
            case "consume":
                s.Consume(8);
                break;
            case "negative":
                await s.Delay(TimeSpan.FromMilliseconds(-2));
                break;
            case "thread":
#pragma warning disable GAIN3009 // What it throws is what is tested.
                await Task.Run(() => s.Send("x"u8));
#pragma warning restore GAIN3009
                break;
            case "left":
                await LeaveAsync(s);
                break;
            case "pool":
                await Task.Run(() => { _ = Yield(); });
                break;
        }
    }

    private static async Part MisuseParts(SessionContext s, string misuse)
    {
        switch (misuse)
        {
            case "twice":
                Part<bool> yielding = Yielding();
                Part other = Take(yielding);
                try
                {
                    await yielding;
                }
                finally
                {
                    await other;
                }

                break;
            case "again":
                Part<bool> taken = Yielding();
                await taken;
                _ = taken.GetAwaiter().GetResult();
                break;
            case "session":
                _ = OnSession(s);
                break;
            case "handler":
                _ = s.Handler<SessionEcho>();
                break;
            case "default":
                default(SessionContext).Send("x"u8);
                break;
        }
    }

    private static async Part<bool> Wait(SessionContext s) => await s.Frame();

    private static async Part Take(Part<bool> part) => await part;

    private static async Part Yield() => await Task.Yield();

    private static async Part<bool> Yielding()
    {
        await Task.Yield();
        return true;
    }

    private static async Task LeaveAsync(SessionContext s)
    {
        await Task.Run(static () => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        s.Send("x"u8);
    }
}

[GainProtocol]
internal partial struct SessionUnframed(Journal journal)
{
    private static async Session OnSession(SessionContext s) => await s.Frame();

    private readonly void OnClose(Connection connection) => journal.Add(connection.Fault!.Message);
}

[GainProtocol]
internal partial struct SessionStubborn(Journal journal)
{
    private readonly Journal Journal => journal;

    private static async Session OnSession(SessionContext s)
    {
        Assert.That(await s.Read(), Is.False);
        s.Send("x"u8);
        try
        {
            await s.Read();
        }
        catch (SessionEndedException ended)
        {
            s.Handler<SessionStubborn>().Journal.Add(ended.Message.Split(':')[0]);
            throw;
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

[GainProtocol]
internal partial struct SessionTicker(Journal journal)
{
    private static async Session OnSession(SessionContext s)
    {
        while (true)
        {
            await s.Delay(TimeSpan.FromMilliseconds(1));
            s.Send("x"u8);
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

[GainProtocol]
internal partial struct SessionAtOnce
{
    private static Session OnSession(SessionContext s)
    {
        s.Send("at once"u8);
        return default;
    }
}
