using Gain.Rings;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>
/// A defect of the engine, in each step of a worker's turn, ends the connection that was served, and not the
/// first one, nor the worker.
/// </summary>
public sealed class EngineFaultTests
{
    private const int First = 70;
    private const int Second = 71;

    [TestCase(nameof(IRing.Received), TestName = "A_defect_in_a_completion_ends_whom_it_is_of")]
    [TestCase(nameof(IRing.SendNow), TestName = "A_defect_in_a_send_ends_who_sends")]
    [TestCase(nameof(IRing.CountHeldBack), TestName = "A_defect_in_a_timer_ends_whom_it_is_of")]
    public void A_defect_ends_the_connection_that_is_served(string operation)
    {
        var journal = new Journal();
        (PlayedLoop loop, WorkerCounters counters, string[] said) = PlayedWorker.Run(
            new SecondIsServed(journal, new Counter(), Sends: operation == nameof(IRing.SendNow)),
            new PlayedAnswers([First, Second])
            {
                Failing = operation,
                Receives = operation == nameof(IRing.Received) ? [(1_100, 5)] : [],
            },
            new GainOptions
            {
                Timeouts =
                {
                    Idle = operation == nameof(IRing.CountHeldBack)
                        ? TimeSpan.FromMilliseconds(500)
                        : Timeout.InfiniteTimeSpan,
                    Linger = TimeSpan.Zero,
                },
            });
        Assert.That(journal.Entries[0], Is.EqualTo($"2 {CloseReason.EngineFault}"));
        Assert.That(journal.Entries, Has.Exactly(1).Contains(nameof(CloseReason.EngineFault)));
        Assert.That(loop.Closed[0], Is.EqualTo(Second));
        Assert.That(counters.EngineFaults, Is.EqualTo(1));
        Assert.That(counters.HandlerFaults, Is.Zero);
        Assert.That(said, Has.Exactly(1).Contains($"{operation} has a defect."));
    }

    /// <summary>Counts the connections of a worker.</summary>
    internal sealed class Counter
    {
        public int Count { get; set; }
    }
}

/// <summary>Reads nothing of the first connection, so that what happens is the second one's.</summary>
[GainProtocol]
internal partial struct SecondIsServed(Journal journal, EngineFaultTests.Counter accepted, bool Sends)
{
    private int _number;

    private void OnAccept(Connection connection)
    {
        _number = ++accepted.Count;
        if (_number == 1)
        {
            connection.PauseReading();
        }
        else if (Sends)
        {
            connection.Send("x"u8);
        }
    }

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"{_number} {reason}");
}
