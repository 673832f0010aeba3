using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>Every callback is counted once, and a socket of any number is served.</summary>
public sealed class CallbackCountTests
{
    [TestCase(70)]
    [TestCase(0, Description = "a process that has closed its standard input")]
    public void Each_callback_of_a_connection_counts_once(int socket)
    {
        var journal = new Journal();
        (PlayedLoop loop, WorkerCounters counters, _) = PlayedWorker.Run(
            new TellingProtocol(journal),
            new PlayedAnswers([socket])
            {
                Receives = [(1_100, 3), (1_200, 0)],
                Sends = [(1_150, 5), (1_300, 3)],
            },
            new GainOptions { Timeouts = { Linger = TimeSpan.Zero } });
        string[] expected =
        [
            "accept", "read 3", "write 5", "timer", "read closed", "write 3", $"close {CloseReason.Local}",
        ];
        Assert.That(journal.Entries, Is.EqualTo(expected));
        Assert.That(counters.Callbacks, Is.EqualTo(expected.Length));
        Assert.That(loop.Closed, Is.EqualTo(new[] { socket, PlayedWorker.Listener }));
        Assert.That(counters.BytesIn, Is.EqualTo(3));
        Assert.That(counters.BytesOut, Is.EqualTo(8));
    }
}

/// <summary>Says of each callback that it was called.</summary>
[GainProtocol]
internal partial struct TellingProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        journal.Add("accept");
        connection.Send("hello"u8);
        connection.SetTimer(TimeSpan.FromMilliseconds(160));
    }

    private readonly void OnRead(ReadOnlySpan<byte> data) => journal.Add($"read {data.Length}");

    private readonly void OnWrite(int bytes) => journal.Add($"write {bytes}");

    private readonly void OnTimer() => journal.Add("timer");

    private readonly void OnReadClosed(Connection connection)
    {
        journal.Add("read closed");
        connection.Send("bye"u8);
        connection.Close();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
