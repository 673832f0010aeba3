using Gain.Tests.Server;

namespace Gain.Tests.Workers;

/// <summary>Deadlines that move with what happens, while their timers fire as they were armed.</summary>
public sealed class PlayedDeadlineTests
{
    private const int Connection = 70;
    private const long LimitMs = 1_000;

    // Timers of many connections meet: see TimerWheel.Coarsen.
    private const long LaterMs = LimitMs / 4;

    [Test]
    public void Silence_is_counted_from_the_last_byte_and_not_from_the_timer()
    {
        const long firstMs = 1_200;
        const long lastMs = 1_700;
        var journal = new Journal();
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new ReadCounter(journal),
            new PlayedAnswers([Connection]) { Receives = [(firstMs, 3), (lastMs, 4)] },
            new GainOptions
            {
                Timeouts =
                {
                    Idle = TimeSpan.FromMilliseconds(LimitMs),
                    FirstByte = Timeout.InfiniteTimeSpan,
                    Linger = TimeSpan.Zero,
                },
            });
        Assert.That(
            journal.Entries, Is.EqualTo(new[] { "read 3", "read 4", $"close {CloseReason.IdleTimeout}" }));
        Assert.That(loop.Closed[0], Is.EqualTo(Connection));
        Assert.That(loop.ClosedMs[0], Is.InRange(lastMs + LimitMs, lastMs + LimitMs + LaterMs));
    }

    [Test]
    public void A_peer_that_takes_some_has_its_time_again_from_then_on()
    {
        const long someMs = 1_600;
        var journal = new Journal();
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new GreetingProtocol(journal),
            new PlayedAnswers([Connection]) { Sends = [(someMs, 2)] },
            new GainOptions
            {
                Timeouts = { Send = TimeSpan.FromMilliseconds(LimitMs), Linger = TimeSpan.Zero },
            });
        Assert.That(journal.Entries, Is.EqualTo(new[] { $"close {CloseReason.SendTimeout}" }));
        Assert.That(loop.ClosedMs[0], Is.InRange(someMs + LimitMs, someMs + LimitMs + LaterMs));
    }

    [Test]
    public void A_peer_that_takes_nothing_has_its_time_once()
    {
        var journal = new Journal();
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new GreetingProtocol(journal),
            new PlayedAnswers([Connection]),
            new GainOptions
            {
                Timeouts = { Send = TimeSpan.FromMilliseconds(LimitMs), Linger = TimeSpan.Zero },
            });
        Assert.That(journal.Entries, Is.EqualTo(new[] { $"close {CloseReason.SendTimeout}" }));
        Assert.That(loop.ClosedMs[0], Is.InRange(1_000 + LimitMs, 1_000 + LimitMs + LaterMs));
    }
}

/// <summary>Says how much comes.</summary>
[GainProtocol]
internal partial struct ReadCounter(Journal journal)
{
    private readonly void OnRead(ReadOnlySpan<byte> data) => journal.Add($"read {data.Length}");

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Sends a little at the accept.</summary>
[GainProtocol]
internal partial struct GreetingProtocol(Journal journal)
{
    private static void OnAccept(Connection connection) => connection.Send("hello"u8);

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
