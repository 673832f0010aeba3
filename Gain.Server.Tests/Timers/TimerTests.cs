using System.Net.Sockets;

namespace Gain.Tests.Server;

public class TimerTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Timer_calls_OnTimer_once_for_each_time_it_is_set()
    {
        var journal = new Journal();
        GainServer server = Start(new TickingProtocol(journal, 3), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("tick1tick2tick3"u8.ToArray()));
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["close Local, timer False"]));
    }

    [Test]
    public async Task Timer_of_no_time_fires_in_a_later_turn_and_never_twice_in_one()
    {
        var journal = new Journal();
        GainServer server = Start(new InstantTimerProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await journal.AwaitAsync(20);
        long[] times = [.. journal.Entries.Take(20).Select(long.Parse)];
        Assert.That(times, Is.Ordered.And.Unique);
    }

    [Test]
    public async Task Cancelled_and_replaced_timers_do_not_fire()
    {
        var journal = new Journal();
        GainServer server = Start(new CancellingProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "cancel"u8.ToArray());

        // The others' timers are set later and to the same time: when they fire, this one would have.
        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(other, "keep"u8.ToArray());
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["timer of keep"]));
    }

    [Test]
    public async Task Timer_is_gone_with_its_connection()
    {
        var journal = new Journal();
        GainServer server = Start(new CancellingProtocol(journal), new GainOptions { WorkerCount = 1 });
        using (Socket client = await Clients.ConnectAsync(server))
        {
            await Clients.SendAllAsync(client, "gone"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 1);
        }

        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(other, "keep"u8.ToArray());
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["timer of keep"]));
    }

    [Test]
    public async Task Exception_in_OnTimer_closes_its_connection_alone()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        GainServer server = Start(new CancellingProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket throwing = await Clients.ConnectAsync(server);
        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(throwing, "throw"u8.ToArray());
        await Clients.SendAllAsync(other, "keep"u8.ToArray());
        await journal.AwaitAsync(1);
        Assert.That(journal.Entries[0], Is.EqualTo("timer of keep"));
        Assert.That(
            async () => await Clients.ReceiveExactlyAsync(throwing, 2), Throws.InstanceOf<SocketException>());
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(1));
    }

    [TestCase("negative", typeof(ArgumentOutOfRangeException))]
    [TestCase("far", typeof(ArgumentOutOfRangeException))]
    [TestCase("never", typeof(ArgumentOutOfRangeException))]
    public async Task Impossible_time_is_refused_with_its_value(string kind, Type refused)
    {
        var journal = new Journal();
        GainServer server = Start(new CancellingProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, System.Text.Encoding.ASCII.GetBytes(kind));
        string entry = (await journal.AwaitAsync(1))[0];
        Assert.That(entry, Does.StartWith($"close HandlerFault {refused.Name}").And.Contain("24 days"));
    }

    [Test]
    public async Task Timer_without_OnTimer_is_refused()
    {
        var journal = new Journal();
        GainServer server = Start(new TimerlessProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket? client = await Clients.TryConnectAsync(server);
        Assert.That((await journal.AwaitAsync(1))[0], Does.Contain("OnTimer"));
    }
}

/// <summary>Sends a number of ticks, a few milliseconds apart, and closes.</summary>
[GainProtocol]
internal partial struct TickingProtocol(Journal journal, int count)
{
    private int _ticks;

    private static void OnAccept(Connection connection) => connection.SetTimer(TimeSpan.FromMilliseconds(5));

    private void OnTimer(Connection connection)
    {
        _ticks++;
        connection.Send(System.Text.Encoding.ASCII.GetBytes($"tick{_ticks}"));
        if (_ticks == count)
        {
            connection.SetTimer(TimeSpan.FromMilliseconds(1));
            connection.Close();
        }
        else
        {
            connection.SetTimer(TimeSpan.FromMilliseconds(5));
        }
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        connection.CancelTimer();
        connection.SetTimer(TimeSpan.Zero);
        journal.Add($"close {reason}, timer {connection.HasTimer}");
    }
}

[GainProtocol]
internal partial struct InstantTimerProtocol(Journal journal)
{
#pragma warning disable GAIN0015 // What it throws is what is tested.
    private static void OnAccept(Connection connection) => connection.SetTimer(TimeSpan.Zero);
#pragma warning restore GAIN0015

    private readonly void OnTimer(Connection connection)
    {
        journal.Add($"{connection.NowMs}");
        connection.SetTimer(TimeSpan.Zero);
    }
}

/// <summary>Sets its timer, and does what it is told to with it.</summary>
[GainProtocol]
internal partial struct CancellingProtocol(Journal journal)
{
    private string? _told;

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _told = System.Text.Encoding.ASCII.GetString(data);
        connection.SetTimer(_told switch
        {
            "negative" => TimeSpan.FromTicks(-1),
            "far" => TimeSpan.FromDays(25),
            "never" => TimeSpan.MaxValue,
            _ => TimeSpan.FromMilliseconds(1),
        });
        connection.SetTimer(TimeSpan.FromMilliseconds(_told == "throw" ? 20 : 50));
        if (_told == "cancel")
        {
            connection.CancelTimer();
        }

        if (_told == "gone")
        {
            connection.Send("x"u8);
        }
    }

    private readonly void OnTimer()
    {
        if (_told == "throw")
        {
            throw new InvalidOperationException("as asked");
        }

        journal.Add($"timer of {_told}");
    }

    private readonly void OnClose(Connection connection)
    {
        if (connection.Fault is ArgumentException fault)
        {
            journal.Add($"close HandlerFault {fault.GetType().Name} {fault.Message}");
        }
    }
}

[GainProtocol]
internal partial struct TimerlessProtocol(Journal journal)
{
#pragma warning disable GAIN0015 // What it throws is what is tested.
    private static void OnAccept(Connection connection) => connection.SetTimer(TimeSpan.Zero);
#pragma warning restore GAIN0015

    private readonly void OnClose(Connection connection) => journal.Add($"{connection.Fault?.Message}");
}
