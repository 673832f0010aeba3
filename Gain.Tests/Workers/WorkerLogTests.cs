using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>
/// What peers can make a worker say is counted each time, and said five times at once, and then once a
/// second; what was left out is told.
/// </summary>
public sealed class WorkerLogTests
{
    private const int Connections = 13;

    // Where the limiters' first five have gathered.
    private const long StartMs = 1_000_000;

    private static readonly int[] s_sockets = [.. Enumerable.Range(70, Connections)];

    [Test]
    public void Faults_of_handlers()
    {
        (_, WorkerCounters counters, string[] said) = Run(new AcceptThrower(), ATenthOfASecondApart());
        Assert.That(counters.HandlerFaults, Is.EqualTo(Connections));
        Said(said, "threw on worker");
    }

    [Test]
    public void Answers_that_never_come()
    {
        GainOptions given = ATenthOfASecondApart();
        given.Timeouts.Hold = TimeSpan.FromMilliseconds(10);
        (_, WorkerCounters counters, string[] said) = Run(new NeverAnswers(), given);
        Assert.That(counters.ExpiredHolds, Is.EqualTo(Connections));
        Said(said, "for an answer of NeverAnswers");
    }

    [Test]
    public void Options_that_sockets_refuse()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        int descriptor = (int)file.DangerousGetHandle();
        GainOptions given = ATenthOfASecondApart();
        given.Sockets.QuickAck = true;
        (_, WorkerCounters counters, string[] said) = PlayedWorker.Run(
            new DeafProtocol(new Journal()),
            new PlayedAnswers([.. Enumerable.Repeat(descriptor, Connections)]) { StartMs = StartMs },
            given,
            listens: true);
        Assert.That(counters.SocketErrors, Is.EqualTo(Connections));
        Said(said, Errno.Name(Errno.ENOTSOCK));
    }

    private static GainOptions ATenthOfASecondApart() => new() { Accepting = { MaxPerSecond = 10 } };

    private static (PlayedLoop Loop, WorkerCounters Counters, string[] Said) Run<TProtocol>(
        TProtocol prototype, GainOptions given)
        where TProtocol : struct, CompilerServices.IProtocol<TProtocol> =>
        PlayedWorker.Run(prototype, new PlayedAnswers(s_sockets) { StartMs = StartMs }, given);

    // At 0 to 400 ms, at 1,000 ms, and not at 1,100 and 1,200 ms.
    private static void Said(string[] said, string what)
    {
        string[] expected = [.. Enumerable.Repeat(what, 5), "did not log 5 messages", what];
        Assert.That(said, Has.Length.EqualTo(expected.Length), string.Join('\n', said));
        for (int i = 0; i < said.Length; i++)
        {
            Assert.That(said[i], Does.Contain(expected[i]));
        }
    }
}

/// <summary>Throws at every accept.</summary>
[GainProtocol]
internal partial struct AcceptThrower
{
    private static void OnAccept() => throw new InvalidOperationException("as asked");

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }
}

/// <summary>Says of every connection that an answer is due, and gives none.</summary>
[GainProtocol]
internal partial struct NeverAnswers
{
    private static void OnAccept(Connection connection)
    {
        connection.PauseReading();
        _ = connection.Hold();
    }

    private static void OnRead(ReadOnlySpan<byte> data)
    {
    }
}
