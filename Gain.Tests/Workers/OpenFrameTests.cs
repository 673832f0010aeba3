using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>A frame that a callback left open is the fault of its connection alone.</summary>
public sealed class OpenFrameTests
{
    [Test]
    public void Who_is_served_next_in_the_batch_may_begin_a_frame()
    {
        var journal = new Journal();
        (PlayedLoop loop, WorkerCounters counters, string[] said) = PlayedWorker.Run(
            new FirstLeavesFrameOpen(journal, new EngineFaultTests.Counter()),
            new PlayedAnswers([70, 71]) { AcceptsTogether = true, Receives = [(1_500, 0)] },
            new GainOptions { Timeouts = { Linger = TimeSpan.Zero } });
        Assert.That(
            journal.Entries,
            Is.EqualTo([$"1 {CloseReason.HandlerFault}", $"2 {CloseReason.PeerClosed}"]));
        Assert.That(loop.Closed[..2], Is.EqualTo([70, 71]));
        Assert.That(counters.HandlerFaults, Is.EqualTo(1));
        Assert.That(said, Has.Exactly(1).Contains("with a frame open"));
    }
}

/// <summary>Begins a frame for each connection, and ends all but the first one's.</summary>
[GainProtocol]
[LengthPrefixed(MaxFrameLength = 100)]
internal partial struct FirstLeavesFrameOpen(Journal journal, EngineFaultTests.Counter accepted)
{
    private int _number;

    private void OnAccept(Connection connection)
    {
        _number = ++accepted.Count;
#pragma warning disable GAIN3007 // A frame that is left open is what is tested.
        BeginFrame(connection);
#pragma warning restore GAIN3007
        if (_number != 1)
        {
            CancelFrame(connection);
        }
    }

    private static void OnFrame(ReadOnlySpan<byte> frame)
    {
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"{_number} {reason}");
}
