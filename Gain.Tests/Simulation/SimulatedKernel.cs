using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Simulation;

/// <summary>
/// The kernel of a simulation, as one worker sees it: descriptors, operations in flight and completions. It
/// keeps what io_uring promises and no more, and fails the run when the worker breaks a rule.
/// </summary>
internal sealed partial class SimulatedKernel
{
    private const int FirstDescriptor = 3;
    private const int MaxTurns = 1_000_000;
    private const int MaxIdleTurns = 400;
    private const int MaxIdleWaits = 300;

    private readonly RingSettings _settings;
    private readonly List<object?> _descriptors = [];
    private readonly Dictionary<ulong, SimulatedOperation> _inFlight = [];
    private readonly List<SimulatedOperation> _prepared = [];
    private int _turns;
    private int _idleTurns;
    private int _idleWaits;

    public SimulatedKernel(SimulatedWorld world, RingSettings settings)
    {
        World = world;
        _settings = settings;
        Buffers = new SimulatedBuffers(world, settings);
        _held = new FairQueue(world.Scenario.HeldBackCapacity, world.Scenario.LongestRun);
    }

    public SimulatedWorld World { get; }

    public SimulatedBuffers Buffers { get; }

    /// <summary>The ring is gone, and its operations do not matter anymore.</summary>
    public bool IsAbandoned => _turns >= Faults.FailsAtTurn;

    public int OpenDescriptors => _descriptors.Count(open => open is not null);

    /// <summary>
    /// Of those open, the ones that the worker knows of. When its ring fails it may miss some: they are in
    /// completions that it never takes.
    /// </summary>
    public int LeakedDescriptors => _descriptors.Count(
        open => open is SimulatedListener or SimulatedDial or SimulatedPipe
            || (open is SimulatedSocket { WasAccepted: var known } && (known || !IsAbandoned)));

    /// <summary>Operations that the worker has not taken the end of.</summary>
    public int InFlight => _inFlight.Count;

    public int Turns => _turns;

    /// <summary>How many enters left completions that had no room.</summary>
    public int Overflows { get; private set; }

    private Faults Faults => World.Faults;

    private SimulationRandom Random => World.Random;

    private Trace Trace => World.Trace;

    /// <summary>Something happened that brings the run nearer to its end.</summary>
    public void NoteProgress()
    {
        _idleTurns = 0;
        _idleWaits = 0;
    }

    public SimulatedListener Listen()
    {
        var listener = new SimulatedListener();
        listener.Fd = Open(listener);
        return listener;
    }

    public SimulatedSocket SocketOf(int descriptor) =>
        Find(descriptor) as SimulatedSocket ?? throw World.Fail($"descriptor {descriptor} is no socket");

    /// <summary>
    /// Takes the submissions, lets everything happen that is due, and waits in virtual time.
    /// </summary>
    public void Enter(long timeoutNs)
    {
        World.CheckFailure();
        if (++_turns > MaxTurns)
        {
            throw World.Fail($"the run did not end in {MaxTurns:N0} turns");
        }

        // A late completion may hold what the worker turns for: it is no use to count then.
        if (_hidden == 0 && ++_idleTurns > MaxIdleTurns)
        {
            throw World.Fail($"the worker turned {MaxIdleTurns} times, and nothing came of it");
        }

        if (_turns == Faults.FailsAtTurn)
        {
            Trace.Add($"the ring fails");
            throw new RingException("io_uring_enter", Errno.EBADR, "The ring has lost completions.");
        }

        World.CheckStopDeadline();
        World.MayFreeze();
        bool took = Submit();
        World.Advance(World.NowNs + Random.Between(200, 5_000));
        WakeForNothing();
        if (timeoutNs != 0 && took && !HasCompletions && !Random.Chance(Faults.ReturnEarly))
        {
            WaitUntil(timeoutNs < 0 ? long.MaxValue : World.NowNs + timeoutNs);
        }

        Overflows += _completions.Count > Faults.CompletionCapacity ? 1 : 0;
        World.CheckFailure();
    }

    public int ShutdownWrite(int descriptor)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        if (socket.Send is not null)
        {
            throw World.Fail($"peer {socket.Peer.Id} was sent FIN with a send in flight");
        }

        if (socket.HasSentFin)
        {
            throw World.Fail($"peer {socket.Peer.Id} was sent FIN twice");
        }

        socket.Served.CheckAllSent("FIN");
        Trace.Add($"peer {socket.Peer.Id}: FIN from the server, broken {socket.IsBroken}");
        if (socket.IsBroken)
        {
            return -Errno.ENOTCONN;
        }

        socket.HasSentFin = true;
        socket.FinSentNs = World.NowNs;
        socket.Peer.PlanRead();
        return 0;
    }

    // A peer that has reset the connection is nobody anymore. Several share an address.
    public bool TryGetPeer(int descriptor, out GainAddress peer)
    {
        SimulatedSocket socket = SocketOf(descriptor);
        peer = new GainAddress((UInt128)(socket.Peer.Id / 3) << 64, (ushort)socket.Peer.Id);
        return !socket.IsBroken;
    }

    public void ResetOnClose(int descriptor)
    {
        if (Find(descriptor) is SimulatedSocket socket)
        {
            socket.ResetsOnClose = true;
        }
    }

    public void Close(int descriptor)
    {
        NoteProgress();
        object open = Find(descriptor);
        _descriptors[descriptor - FirstDescriptor] = null;
        if (open is SimulatedListener listener)
        {
            CloseListener(listener);
        }
        else if (open is SimulatedSocket { IsDialled: true, WasServed: false } dialled)
        {
            CloseDialled(dialled);
        }
        else if (open is SimulatedDial attempt)
        {
            CloseAttempt(attempt);
        }
        else if (open is SimulatedPipe)
        {
            // With whatever is in it: a worker that fails leaves it there.
            Trace.Add($"pipe {descriptor}: closed");
        }
        else
        {
            CloseSocket((SimulatedSocket)open);
        }
    }

    private void CloseListener(SimulatedListener listener)
    {
        if (listener.Accept is not null && !IsAbandoned)
        {
            throw World.Fail("a listener was closed with its accept in flight");
        }

        // A stop takes in who waits, unless its deadline has passed.
        if (listener.Backlog.Count != 0 && !IsAbandoned && !World.IsPastStopDeadline)
        {
            throw World.Fail($"a listener was closed with {listener.Backlog.Count} clients waiting at it");
        }

        listener.IsClosed = true;
        foreach (SimulatedSocket waiting in listener.Backlog)
        {
            waiting.IsClosed = true;
            waiting.Peer.PlanReset();
        }

        listener.Backlog.Clear();
    }

    private void CloseSocket(SimulatedSocket socket)
    {
        if (socket.InFlight != 0 && !IsAbandoned)
        {
            throw World.Fail(
                $"peer {socket.Peer.Id}'s descriptor was closed with {socket.InFlight} operations in flight");
        }

        Trace.Add($"peer {socket.Peer.Id}: closed, descriptor {socket.Fd}, unread {socket.Unread}");
        CheckTurnedAway(socket);
        socket.Served.CheckClosing();
        socket.IsClosed = true;
        socket.Fd = -1;
        if (socket.IsBroken)
        {
            return;
        }

        if (socket.ResetsOnClose || socket.Unread != 0)
        {
            socket.HasSentReset = true;
            socket.Peer.PlanReset();
        }
        else
        {
            socket.HasSentFin = true;
            socket.Peer.PlanRead();
        }
    }

    private int Open(object what)
    {
        int free = _descriptors.IndexOf(null);
        if (free < 0)
        {
            free = _descriptors.Count;
            _descriptors.Add(null);
        }

        _descriptors[free] = what;
        return free + FirstDescriptor;
    }

    private object Find(int descriptor)
    {
        int index = descriptor - FirstDescriptor;
        return (uint)index < (uint)_descriptors.Count && _descriptors[index] is object open
            ? open
            : throw World.Fail($"descriptor {descriptor} was used, and is not open");
    }

    private void WaitUntil(long deadlineNs)
    {
        while (!HasCompletions)
        {
            if (World.Events.NextNs < deadlineNs)
            {
                World.Advance(World.Events.NextNs);
            }
            else if (deadlineNs == long.MaxValue)
            {
                World.Quiesce(hasTimer: false);
            }
            else
            {
                World.Advance(deadlineNs);
                _idleTurns = 0;
                World.CheckStopDeadline();
                if (!World.IsStopping && ++_idleWaits > MaxIdleWaits)
                {
                    _idleWaits = 0;
                    World.Quiesce(hasTimer: true);
                }

                return;
            }
        }

        _idleTurns = 0;
    }
}
