using System.Runtime.InteropServices;
using Gain.Memory;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Workers;

/// <summary>What signals do, and when: the runtime's calls are played, and no signal is sent.</summary>
public sealed partial class ShutdownSignalsTests
{
    private const int SIGTERM = 15;

    private readonly RecordingLogger _logger = new() { Least = LogLevel.Information };
    private int _stops;

    [SetUp]
    public void NoStops() => _stops = 0;

    [Test]
    public void The_first_signal_stops_the_server_and_the_next_ones_take_their_course()
    {
        using ShutdownSignals signals = Make();
        signals.Take();
        Assert.That(IsKept(signals), "the server ends by itself");
        Assert.That(_stops, Is.EqualTo(1));
        Assert.That(IsKept(signals), Is.False, "whoever asks twice does not want to wait");
        Assert.That(IsKept(signals), Is.False);
        Assert.That(_stops, Is.EqualTo(1));
        Assert.That(_logger.Messages.Entries, Has.Some.Contains(nameof(PosixSignal.SIGTERM)));
    }

    [Test]
    public async Task A_signal_waits_for_whoever_asks_for_it()
    {
        using ShutdownSignals signals = Make();
        Task<bool> kept = Task.Run(() => IsKept(signals));
        signals.Take();
        Assert.That(await kept.WaitAsync(Clients.Patience));
        Assert.That(_stops, Is.EqualTo(1));
    }

    [Test]
    public async Task A_signal_that_nobody_asks_for_takes_its_course()
    {
        using ShutdownSignals signals = Make();
        Task<bool> kept = Task.Run(() => IsKept(signals));
        long releaseMs = signals.ReleasesAtMs!.Value;
        signals.ReleaseAt(releaseMs - 1);
        Assert.That(signals.ReleasesAtMs, Is.EqualTo(releaseMs), "it is held until then");
        signals.ReleaseAt(releaseMs);
        Assert.That(signals.ReleasesAtMs, Is.Null);
        Assert.That(await kept.WaitAsync(Clients.Patience), Is.False);
        Assert.That(_stops, Is.Zero);

        // Who asks later has them again.
        signals.Take();
        Assert.That(IsKept(signals));
        Assert.That(_stops, Is.EqualTo(1));
    }

    [Test]
    public void Signals_that_somebody_waits_for_are_not_released_by_time()
    {
        using ShutdownSignals signals = Make();
        signals.Take();
        signals.ReleaseAt(MonotonicClock.NowMs + (2 * ShutdownSignals.HeldMs));
        Assert.That(IsKept(signals));
        Assert.That(_stops, Is.EqualTo(1));
    }

    [Test]
    public void A_signal_after_the_end_is_nobodys()
    {
        // The runtime calls the handlers of a signal one after the other: ours before and after those in
        // question, in whichever order it goes.
        using var told = new CountdownEvent(2);
        using PosixSignalRegistration before = Register(told);
        ShutdownSignals signals = Make();
        using PosixSignalRegistration after = Register(told);
        signals.Take();
        signals.Dispose();
        Assert.That(Kill(Environment.ProcessId, SIGTERM), Is.Zero);
        Assert.That(told.Wait(Clients.Patience));
        Assert.That(_stops, Is.Zero);
    }

    [Test]
    public void Nobody_has_signals_who_asks_for_them_after_the_end()
    {
        using ShutdownSignals signals = Make();
        signals.Dispose();
        signals.Take();
        Assert.That(signals.ReleasesAtMs, Is.Null);
        Assert.That(IsKept(signals), Is.False);
        Assert.That(_stops, Is.Zero);
    }

    private static PosixSignalRegistration Register(CountdownEvent told) =>
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            told.Signal();
        });

    private static bool IsKept(ShutdownSignals signals)
    {
        var context = new PosixSignalContext(PosixSignal.SIGTERM);
        signals.Handle(context);
        return context.Cancel;
    }

    private ShutdownSignals Make()
    {
        GainOptions options = new GainOptions().Validated();
        return new ShutdownSignals(
            new ServerState(_logger, new Admission(options), new MemoryBudget(1 << 20)),
            () => Interlocked.Increment(ref _stops));
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
