using Gain.Mail;
using Gain.Memory;
using Gain.Workers;
using Gain.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gain.Tests.Simulation;

/// <summary>One run: time, chance, peers, kernel, and the first rule that was broken.</summary>
internal sealed partial class SimulatedWorld
{
    // Not 0, which no clock of a ring says.
    private const long StartMs = 1_000_000;

    // Completions may be late, and cancellations may have to be tried again.
    private const long MaxLateStopMs = 1_000;

    // Where they are not, a stop takes a few turns.
    private const long MaxLateExactStopMs = 5;

    private readonly ulong _seed;
    private readonly List<ServedConnection> _accepted = [];
    private readonly List<long> _acceptedMs = [];

    // Of its own: memory is asked for by the engine, which the other draws should not depend on.
    private readonly SimulationRandom _memory;
    private readonly SimulationRandom _freezes;
    private readonly int _refusedRequest;

    // Of its own as well, so that seeds without dials keep their meaning.
    private readonly SimulationRandom _dials;
    private readonly SimulationRandom _names;
    private SimulationException? _failure;

    public SimulatedWorld(
        ulong seed,
        TextWriter? trace,
        int refusedRequest = -1,
        ProtocolPlan? plan = null,
        bool dials = false,
        bool names = false,
        bool layers = false)
    {
        _seed = seed;
        _refusedRequest = refusedRequest;
        HasLayers = layers;
        LayerRandom = new SimulationRandom(seed ^ 0x4C61_7965_7273);
        Scenario = new Scenario(
            seed, plan, dials || names, names ? () => this : null, layers ? this : null);
        _names = new SimulationRandom(seed ^ 0x4E61_6D65_7332);
        _dials = new SimulationRandom(seed ^ 0x4469_616C_7321);
        Random = new SimulationRandom((seed * 2) + 1);
        Trace = new Trace(trace);
        _memory = new SimulationRandom(seed ^ 0x5265_6675_7365);
        _freezes = new SimulationRandom(seed ^ 0x4672_6565_7A65);
        Server = new ServerState(
            NullLogger.Instance,
            new Admission(Scenario.Options),
            new MemoryBudget(Scenario.MemoryBytes, GrantsMemory));
        Server.Admission.Attach(() => Notify());
        Kernel = new SimulatedKernel(this, Settings.Ring);
        for (int i = 0; i < Scenario.Listeners; i++)
        {
            Listeners.Add(Kernel.Listen());
        }

        for (int i = 0; i < Scenario.Peers; i++)
        {
            Peers.Add(new SimulatedPeer(this, i));
            Peers[i].Socket.IsDialled = (dials || names) && _dials.Chance(0.6);
        }

        for (int i = 0; i < Scenario.Neighbours; i++)
        {
            var neighbour = new GainAddress((UInt128)(1_000 + i) << 64, 0);
            Events.Plan(Random.SkewedLong(1, 20_000_000), () => ComeAndGo(neighbour));
        }

        Trace.Add($"{Scenario.Describe()}");
        if (Scenario.StopAtNs != long.MaxValue)
        {
            Events.Plan(Scenario.StopAtNs, Stop);
        }
    }

    public Scenario Scenario { get; }

    public SimulationRandom Random { get; }

    /// <summary>Whether a layer lies between the sockets and the protocol.</summary>
    public bool HasLayers { get; }

    /// <summary>What the layer and its peers draw from.</summary>
    public SimulationRandom LayerRandom { get; }

    /// <summary>The sessions of the layer that have not ended.</summary>
    public int LayerSessions { get; set; }

    /// <summary>Those that the stop has ended before they were set up.</summary>
    public int SetupsStopped { get; set; }

    public Trace Trace { get; }

    public ServerState Server { get; }

    public SimulatedKernel Kernel { get; }

    public EventQueue Events { get; } = new();

    public List<SimulatedListener> Listeners { get; } = [];

    public List<SimulatedPeer> Peers { get; } = [];

    /// <summary>Wakes the worker, as another thread would.</summary>
    public Action Notify { get; set; } = static () => { };

    public long NowNs { get; private set; }

    public long NowMs => StartMs + (NowNs / 1_000_000);

    public Faults Faults => Scenario.Faults;

    public ProtocolPlan Plan => Scenario.Plan;

    public WorkerSettings Settings => Scenario.Settings;

    public ConnectionLimits Limits => Settings.Limits;

    public bool IsStopping { get; private set; }

    /// <summary>When the stop was asked for.</summary>
    public long StopNs { get; private set; }

    public bool IsPastStopDeadline => IsStopping && NowMs >= Server.StopDeadlineMs;

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    public int Throws { get; private set; }

    /// <summary>Writes that were dropped, as the options say.</summary>
    public int Drops { get; set; }

    public int Accepts => _accepted.Count;

    /// <summary>The connection that waits for another one to be coupled with; null for none.</summary>
    public ServedConnection? Lonely { get; set; }

    /// <summary>Whether the kernel may move the bytes of pairs.</summary>
    public bool Splices => Plan == ProtocolPlan.Splicing;

    /// <summary>Pairs of connections.</summary>
    public int Couplings { get; set; }

    /// <summary>Pairs of which both ended because both peers had.</summary>
    public int WholePairs => _accepted.Count(one => one is
    {
        Partner.Reason: CloseReason.PeerClosed,
        Reason: CloseReason.PeerClosed,
    }) / 2;

    /// <summary>How long the process has stood still, in all.</summary>
    public long FrozenMs { get; private set; }

    /// <summary>How often the worker has asked the system for memory.</summary>
    public int MemoryRequests { get; private set; }

    /// <summary>Whether connections may be closed for want of memory.</summary>
    public bool IsMemoryShort => Scenario.IsMemoryShort || _refusedRequest >= 0;

    /// <summary>The process may stand still here, while time goes on and peers go on with it.</summary>
    public void MayFreeze()
    {
        if (Scenario.Freezes > 0 && _freezes.Chance(Scenario.Freezes))
        {
            int lastsMs = _freezes.Skewed(1, Scenario.MaxFreezeMs);
            Trace.Add($"the process stands still for {lastsMs} ms");
            FrozenMs += lastsMs;
            Advance(NowNs + (lastsMs * 1_000_000L));
        }
    }

    /// <summary>The worker has ended: no set-up of a layer counts anymore.</summary>
    public void CheckSetupsOver(int starting)
    {
        if (starting != 0 && !Kernel.IsAbandoned)
        {
            throw Fail($"{starting} connections count as being set up, and there are none");
        }
    }

    private bool GrantsMemory(long bytes)
    {
        bool isGranted = MemoryRequests++ != _refusedRequest && !_memory.Chance(Scenario.MemoryRefusals);
        if (!isGranted)
        {
            Trace.Add($"{bytes} bytes of memory are refused");
        }

        return isGranted;
    }

    /// <summary>Records that a rule is broken. A callback's exception is the engine's to handle.</summary>
    public SimulationException Fail(string message) => _failure ??= new SimulationException(
        _seed, HasLayers ? $"{message} (--layers)" : message);

    public void CheckFailure()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    /// <summary>Lets everything happen up to a time.</summary>
    public void Advance(long toNs)
    {
        while (Events.NextNs <= toNs)
        {
            NowNs = Math.Max(NowNs, Events.NextNs);
            Trace.NowNs = NowNs;
            Events.Take()();
        }

        NowNs = Math.Max(NowNs, toNs);
        Trace.NowNs = NowNs;
    }

    public ServedConnection ServedBy(Connection connection) =>
        Kernel.SocketOf(connection.Descriptor).Served;

    public void NoteAccepted(ServedConnection served)
    {
        _accepted.Add(served);
        if (!served.Peer.Socket.IsDialled)
        {
            CheckRate();
        }

        if (Random.Chance(Faults.Mail * 4))
        {
            Events.Plan(NowNs + Random.SkewedLong(1_000, 50_000_000), PostMail);
        }
    }

    // In any time no more are accepted than the rate allows. A clock shows whole milliseconds, and an
    // interval is made of whole microseconds.
    private void CheckRate()
    {
        if (Scenario.Options.Accepting.MaxPerSecond is not int rate || IsStopping)
        {
            return;
        }

        // Who waited for its moment comes at once when the process stood still over it, and who was parked,
        // when there is room.
        int early = (FrozenMs == 0 ? 0 : Scenario.Listeners)
            + (Settings.Accepts.MaxParked == 0 ? 0 : Scenario.Peers);
        _acceptedMs.Add(NowMs);
        for (int before = 1; before <= _acceptedMs.Count; before++)
        {
            double seconds = (NowMs - _acceptedMs[^before] + 1) / 1_000.0;
            if (before > (rate * seconds * 1.11) + Math.Max(1, rate / 10.0) + 1 + early)
            {
                throw Fail($"{before} connections were accepted in {seconds} s, and the rate is {rate}");
            }
        }
    }

    /// <summary>A callback that may throw does so, sometimes.</summary>
    public void MayThrow(ServedConnection served)
    {
        if (MayMislead(served))
        {
            throw new InvalidOperationException("as planned");
        }
    }

    /// <summary>A callback that may break a rule does so, sometimes: as if it had thrown.</summary>
    public bool MayMislead(ServedConnection served)
    {
        if (!Random.Chance(Faults.Throw))
        {
            return false;
        }

        Throws++;
        served.HasThrown = true;
        return true;
    }

    /// <summary>
    /// Nothing is going to happen anymore: then nothing may be left to do, and the server is stopped.
    /// </summary>
    /// <param name="hasTimer">Whether the worker has some deadline left.</param>
    public void Quiesce(bool hasTimer)
    {
        if (IsStopping)
        {
            throw Fail("the server was asked to stop, and waits for something that will not happen");
        }

        Trace.Add($"nothing is left to happen");
        foreach (SimulatedPeer peer in Peers)
        {
            peer.CheckNothingIsStuck(hasTimer);
        }

        Stop();
    }

    /// <summary>A stop ends soon after its deadline, whatever the peers do.</summary>
    public void CheckStopDeadline()
    {
        long mostMs = Faults.LetsCancel ? MaxLateExactStopMs : MaxLateStopMs;
        if (IsStopping && NowMs > Server.StopDeadlineMs + mostMs + FrozenMs)
        {
            throw Fail($"the server still runs {mostMs:N0} ms after the stop's deadline");
        }
    }

    /// <summary>Says what bytes are that should be others.</summary>
    public string Describe(ReadOnlySpan<byte> actual, ReadOnlySpan<byte> expected)
    {
        int same = actual.CommonPrefixLength(expected);
        ReadOnlySpan<byte> wrong = actual[same..];
        wrong = wrong[..Math.Min(16, wrong.Length)];
        foreach (SimulatedPeer peer in Peers)
        {
            int said = peer.Conversation.Output.AsSpan().IndexOf(wrong);
            if (wrong.Length > 3 && said >= 0)
            {
                return $"after {same} right ones come those that peer {peer.Id} sent at {said}";
            }
        }

        return $"after {same} right ones of {actual.Length} comes {Convert.ToHexString(wrong)}";
    }

    private void Stop()
    {
        if (IsStopping)
        {
            return;
        }

        Trace.Add($"stop, at most {Scenario.DrainMs} ms");
        IsStopping = true;
        StopNs = NowNs;
        foreach (SimulatedPeer peer in Peers)
        {
            peer.Socket.ArrivedAtStop = peer.Socket.Arrived;
        }

        Server.RequestStop(NowMs + Scenario.DrainMs);
        Notify();
        if (Scenario.HastenMs >= 0)
        {
            Events.Plan(NowNs + (Scenario.HastenMs * 1_000_000L), () =>
            {
                Server.RequestStop(NowMs + Scenario.HasteMs);
                Notify();
            });
        }
    }

    // A connection of another worker comes, if there is room, and goes again.
    private void ComeAndGo(GainAddress neighbour)
    {
        RefusalReason refusal = Server.Admission.TryOpen(neighbour);
        Trace.Add($"a neighbour comes: {refusal}");
        if (refusal == RefusalReason.None)
        {
            Events.Plan(NowNs + Random.SkewedLong(1, 50_000_000), () =>
            {
                Server.Admission.CountClosed();
                Server.Admission.CountFreed(neighbour);
            });
        }
    }

    // Another thread has a handle, perhaps of a connection that is long gone.
    private void PostMail()
    {
        for (int commands = Random.Skewed(1, 5); commands > 0; commands--)
        {
            PostCommand();
        }

        if (Random.Chance(0.7))
        {
            Events.Plan(NowNs + Random.SkewedLong(1, 20_000_000), PostMail);
        }
    }

    private void PostCommand()
    {
        ServedConnection served = _accepted[Random.Below(_accepted.Count)];
        bool closes = Random.Chance(0.5);
        bool isPosted = closes ? served.Handle.TryClose() : served.Handle.TryAbort();
        Trace.Add($"peer {served.Peer.Id}: a command, closes {closes}, posted {isPosted}");
        if (isPosted && !served.HasEnded)
        {
            served.MailedToClose |= closes;
            served.MailedToAbort |= !closes;
        }
    }
}
