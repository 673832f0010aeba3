using Gain.Kernel;
using Gain.Tests.Server;
using Gain.Workers;

namespace Gain.Tests.Workers;

/// <summary>A worker's ways out of what fails, on a ring that is played.</summary>
public sealed class WorkerErrorTests
{
    private const int Listener = PlayedWorker.Listener;

    private Journal _journal = new();

    [SetUp]
    public void NewJournal() => _journal = new Journal();

    [TestCase(Errno.EMFILE)]
    [TestCase(Errno.ENFILE)]
    [TestCase(Errno.ENOBUFS)]
    [TestCase(Errno.ENOMEM)]
    public void Without_descriptors_it_waits_longer_each_time_and_begins_anew_after_a_success(int error)
    {
        // Those that are accepted have gone again, so that none of them frees a descriptor later.
        (PlayedLoop loop, WorkerCounters counters, string[] said) = Run(
            new PlayedAnswers([-error, -error, -error, -error, -error, -error, 70, -error, -error, 71]),
            new GainOptions { Limits = { MaxConnectionsPerAddress = 1 } });
        Assert.That(
            loop.ArmedMs,
            Is.EqualTo(new long[] { 1_000, 1_010, 1_030, 1_070, 1_150, 1_250, 1_350, 1_360, 1_380 }));
        Assert.That(counters.AcceptErrors, Is.EqualTo(8 + 2), "the errors, and those that have gone");
        Assert.That(said, Has.Some.Contains(Errno.Name(error)));
        Assert.That(loop.Closed, Is.EqualTo(new[] { 70, 71, Listener }));
    }

    [TestCase(Errno.ECONNABORTED)]
    [TestCase(Errno.EPROTO)]
    [TestCase(Errno.EPERM)]
    public void An_error_of_one_connection_costs_that_one_only(int error)
    {
        (PlayedLoop loop, WorkerCounters counters, _) = Run(
            new PlayedAnswers([70, -error, 71]), new GainOptions
            {
                Limits = { MaxConnectionsPerAddress = 1 },
            });
        Assert.That(loop.ArmedMs, Is.EqualTo(new long[] { 1_000, 1_000 }));
        Assert.That(counters.AcceptErrors, Is.EqualTo(1 + 2), "the error, and those that have gone");
        Assert.That(loop.Closed, Is.EqualTo(new[] { 70, 71, Listener }));
    }

    [Test]
    public void A_descriptor_that_comes_free_ends_the_wait_for_one()
    {
        // The connection ends while the accept has the longest of its waits before it.
        const int error = Errno.EMFILE;
        (PlayedLoop loop, _, _) = Run(
            new PlayedAnswers([70, -error, -error, -error, -error, -error, -error])
            {
                Receives = [(1_260, 0)],
            },
            new GainOptions());
        Assert.That(loop.ArmedMs[^2..], Is.EqualTo(new long[] { 1_250, 1_260 }));
        Assert.That(_journal.Entries, Does.Contain("close PeerClosed"));
    }

    [Test]
    public void A_socket_that_refuses_its_options_is_told_of_and_served_all_the_same()
    {
        using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle("/dev/null");
        int descriptor = (int)file.DangerousGetHandle();
        var given = new GainOptions();
        given.Sockets.QuickAck = true;
        (PlayedLoop loop, WorkerCounters counters, string[] said) = Run(
            new PlayedAnswers([descriptor]) { Receives = [(1_500, 0)] }, given, listens: true);
        Assert.That(counters.SocketErrors, Is.EqualTo(1));
        Assert.That(said, Has.Some.Contains("ENOTSOCK"));
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "accept", "close PeerClosed" }));
        Assert.That(loop.Closed[0], Is.EqualTo(descriptor));
    }

    [Test]
    public void Silence_is_counted_from_when_a_receive_had_a_buffer_again()
    {
        const long idleMs = 1_000;
        const long starvedMs = 1_900;
        (PlayedLoop loop, WorkerCounters counters, _) = Run(
            new PlayedAnswers([70]) { Receives = [(starvedMs, -Errno.ENOBUFS)] },
            new GainOptions
            {
                Timeouts =
                {
                    Idle = TimeSpan.FromMilliseconds(idleMs),
                    FirstByte = Timeout.InfiniteTimeSpan,
                    Linger = TimeSpan.Zero,
                },
            });
        Assert.That(counters.Starvations, Is.EqualTo(1));
        Assert.That(_journal.Entries, Does.Contain("close IdleTimeout"));
        Assert.That(loop.Closed[0], Is.EqualTo(70));
        Assert.That(loop.ClosedMs[0], Is.InRange(starvedMs + idleMs, starvedMs + idleMs + (idleMs / 4)));
    }

    private (PlayedLoop Loop, WorkerCounters Counters, string[] Said) Run(
        PlayedAnswers answers, GainOptions given, bool listens = false) =>
        PlayedWorker.Run(new JournalingEcho(_journal), answers, given, listens);
}
