using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;

namespace Gain.Tests.Workers;

/// <summary>What a worker does with a connection whose receive or wait says that its peer is gone.</summary>
public sealed class PeerEndTests
{
    private const int Connection = 70;

    [TestCase(Errno.ECONNRESET, CloseReason.Reset, false)]
    [TestCase(Errno.EPIPE, CloseReason.Reset, true)]
    [TestCase(Errno.ETIMEDOUT, CloseReason.Reset, true)]
    [TestCase(Errno.ECONNABORTED, CloseReason.Reset, true)]
    [TestCase(Errno.EHOSTUNREACH, CloseReason.Reset, true)]
    [TestCase(Errno.ENETUNREACH, CloseReason.Reset, true)]
    [TestCase(Errno.EIO, CloseReason.SocketError, true)]
    public void A_connection_that_failed_is_reset_unless_its_peer_has_done_so(
        int error, CloseReason reason, bool isReset)
    {
        var journal = new Journal();
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new JournalingEcho(journal),
            new PlayedAnswers([Connection]) { Receives = [(1_500, -error)] },
            new GainOptions());
        Assert.That(journal.Entries, Is.EqualTo(new[] { "accept", $"close {reason}" }));
        Assert.That(loop.Closed[0], Is.EqualTo(Connection));
        Assert.That(loop.Resets, Is.EqualTo(isReset ? new[] { Connection } : []));
    }

    [TestCase(0)]
    [TestCase(-Errno.ECONNRESET)]
    [TestCase(-Errno.EPIPE)]
    [TestCase(-Errno.ETIMEDOUT)]
    [TestCase(-Errno.EIO)]
    public void A_lingering_connection_is_closed_when_nothing_more_can_come(int result)
    {
        const long endMs = 1_500;
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new LeavingProtocol(),
            new PlayedAnswers([Connection]) { Receives = [(endMs, result)] },
            new GainOptions { Timeouts = { Linger = TimeSpan.FromSeconds(20) } });
        Assert.That(loop.Closed[0], Is.EqualTo(Connection));
        Assert.That(loop.ClosedMs[0], Is.EqualTo(endMs));
    }

    [Test]
    public void A_paused_connection_that_its_peer_resets_is_not_reset_in_turn()
    {
        var journal = new Journal();
        (PlayedLoop loop, _, _) = PlayedWorker.Run(
            new DeafProtocol(journal),
            new PlayedAnswers([Connection]) { HangUp = HangUpBits.Gone },
            new GainOptions());
        Assert.That(journal.Entries, Is.EqualTo(new[] { $"close {CloseReason.Reset}" }));
        Assert.That(loop.Closed[0], Is.EqualTo(Connection));
        Assert.That(loop.Resets, Is.Empty);
    }
}

/// <summary>Closes every connection at its accept.</summary>
[GainProtocol]
internal partial struct LeavingProtocol
{
    private static void OnAccept(Connection connection) => connection.Close();

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }
}

/// <summary>Reads nothing of any connection.</summary>
[GainProtocol]
internal partial struct DeafProtocol(Journal journal)
{
    private static void OnAccept(Connection connection) => connection.PauseReading();

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
