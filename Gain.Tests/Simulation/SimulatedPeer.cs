using Gain.Kernel;
using Gain.Tests.Simulation.Layered;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>A client: says its part of the conversation, and compares what it is answered.</summary>
internal sealed class SimulatedPeer
{
    // The default of DialOptions.ConnectTimeout, and some.
    private const long MaxDialNs = 11_000_000_000;

    private readonly SimulatedWorld _world;
    private readonly PeerScript _script;
    private int _step;
    private bool _isAwaiting;
    private bool _isReading = true;
    private bool _wantsFin;
    private bool _isReadPlanned;
    private bool _isArrivalPlanned;
    private int _released;
    private long _dialledNs;

    // It neither reads nor sends anymore: reset, closed or vanished.
    private bool _isGone;

    public SimulatedPeer(SimulatedWorld world, int id)
    {
        _world = world;
        Id = id;
        Conversation = world.Plan.Converse(world.Random, world.Settings);
        Layer = world.HasLayers ? new LayeredPeer(world, id, Conversation) : null;
        _script = new PeerScript(world.Random, Wire.Length);
        Socket = new SimulatedSocket(this)
        {
            SendCapacity = world.Random.Skewed(64, 60_000),
            ReceiveCapacity = world.Random.Skewed(64, 60_000),
            Served = new ServedConnection(world, this),
        };
        Plan(_script.StartNs, Connect);
    }

    /// <summary>What the worker was asked for, where it dials the peer.</summary>
    public DialRequest? Request { get; private set; }

    public int Id { get; }

    public Conversation Conversation { get; }

    /// <summary>Its end of the layer; null where there is none.</summary>
    public LayeredPeer? Layer { get; }

    /// <summary>All that it sends, if it gets so far.</summary>
    public byte[] Wire => Layer?.Wire ?? Conversation.Output;

    public SimulatedSocket Socket { get; }

    /// <summary>Bytes that it has read.</summary>
    public int Received { get; private set; }

    /// <summary>It has read everything up to the server's end.</summary>
    public bool HasSeenFin { get; private set; }

    public bool HasSeenReset { get; private set; }

    // What it can read of that.
    private int PlainReceived => Layer?.OutOf(Received) ?? Received;

    private bool IsOver => _isGone || HasSeenReset;

    /// <summary>The kernel takes bytes for it: the next ones that it expects.</summary>
    public void Accept(ReadOnlySpan<byte> bytes)
    {
        Socket.AcceptedNs = _world.NowNs;
        if (!Socket.WasServed && _world.Scenario.Options.Accepting.GetFarewell().Span.StartsWith(bytes))
        {
            // It was turned away with a farewell.
            Socket.Accepted += bytes.Length;
            PlanRead();
            return;
        }

        Compare(bytes);
        Socket.Accepted += bytes.Length;
        _world.Kernel.NoteProgress();
        if (_isGone)
        {
            // It has closed: what comes now is answered by a reset.
            int error = _world.Random.Chance(0.5) ? Errno.EPIPE : Errno.ECONNRESET;
            Plan(_script.LatencyNs, () => _world.Kernel.Break(Socket, error));
            return;
        }

        PlanRead();
    }

    private void Compare(ReadOnlySpan<byte> bytes)
    {
        if (Layer is not null)
        {
            Layer.Accept(bytes, Socket.Served.Expected);
            return;
        }

        ReadOnlySpan<byte> expected = Socket.Served.Expected[Socket.Accepted..];
        if (!expected.StartsWith(bytes))
        {
            throw _world.Fail(
                $"peer {Id} is sent wrong bytes at {Socket.Accepted}: {_world.Describe(bytes, expected)}");
        }
    }

    public void PlanReset() => Plan(_script.LatencyNs, () =>
    {
        if (!IsOver)
        {
            _world.Trace.Add($"peer {Id}: sees a reset after {Received}");
            HasSeenReset = true;
        }
    });

    public void PlanRead()
    {
        if (!_isReadPlanned && _isReading && !IsOver)
        {
            _isReadPlanned = true;
            Plan(_world.Random.SkewedLong(1, _script.LatencyNs), Read);
        }
    }

    public void PlanArrival()
    {
        if (!_isArrivalPlanned && !Socket.IsBroken && !Socket.HasFinArrived)
        {
            _isArrivalPlanned = true;
            Plan(_world.Random.SkewedLong(1, _script.LatencyNs), Arrive);
        }
    }

    /// <param name="hasTimer">Whether the worker has some deadline left.</param>
    public void CheckNothingIsStuck(bool hasTimer)
    {
        Socket.Served.CheckNothingIsStuck();
        if (Socket.IsDialled)
        {
            bool mayWait = hasTimer && _world.NowNs - _dialledNs < MaxDialNs;
            if (Request is { Ended.IsCompleted: false } && !mayWait)
            {
                throw _world.Fail($"stuck: the dial of peer {Id} never ended");
            }

            return;
        }

        bool waits = Socket.Fd < 0 && !Socket.IsClosed && !Socket.IsBroken && !IsOver;
        if (waits && _world.Server.Admission.HasRoom
            && _world.Kernel.OpenDescriptors < _world.Faults.DescriptorLimit
            && _world.Faults.AcceptError == 0)
        {
            throw _world.Fail($"stuck: peer {Id} was never accepted");
        }
    }

    /// <summary>The server ended the connection in order: all that it wrote has arrived.</summary>
    public void CheckReceived(int written)
    {
        bool reads = _isReading && !IsOver && !Socket.IsBroken;
        if (reads && PlainReceived != written)
        {
            throw _world.Fail($"peer {Id} has received {PlainReceived} of {written} bytes");
        }

        if (reads && !HasSeenFin)
        {
            throw _world.Fail($"peer {Id} was never sent the end");
        }
    }

    private void Plan(long afterNs, Action what) => _world.Events.Plan(_world.NowNs + afterNs, what);

    /// <summary>The worker's connect has come to it.</summary>
    public void Begin() => Plan(1, RunStep);

    private void Connect()
    {
        if (Socket.IsDialled)
        {
            _world.Kernel.NoteProgress();
            _dialledNs = _world.NowNs;
            Request = _world.Dial(Socket);
            return;
        }

        SimulatedListener listener = _world.Listeners[Id % _world.Listeners.Count];
        _world.Kernel.NoteProgress();
        if (!_world.Kernel.TryConnect(listener, Socket))
        {
            _isGone = true;
            Socket.IsClosed = true;
            return;
        }

        RunStep();
    }

    private void RunStep()
    {
        if (IsOver || _step == _script.Steps.Count)
        {
            return;
        }

        PeerStep step = _script.Steps[_step++];
        _world.Trace.Add($"peer {Id}: {step.Kind} {step.Count}");
        _world.Kernel.NoteProgress();
        switch (step.Kind)
        {
            case PeerStepKind.Send:
                _released += step.Count;
                PlanArrival();
                break;
            case PeerStepKind.Pause:
                _isReading = false;
                break;
            case PeerStepKind.Resume:
                _isReading = true;
                PlanRead();
                break;
            case PeerStepKind.Await:
                _isReading = true;
                _isAwaiting = true;
                PlanRead();
                EndAwait();
                return;
            case PeerStepKind.HalfClose:
                _wantsFin = true;
                PlanArrival();
                break;
            case PeerStepKind.Close:
                Close();
                return;
            case PeerStepKind.Reset:
                _isGone = true;
                _world.Kernel.Break(Socket, Errno.ECONNRESET);
                return;
            case PeerStepKind.Vanish:
                Vanish();
                return;
        }

        Plan(step.DelayNs, RunStep);
    }

    private void EndAwait()
    {
        int said = Layer?.InOf(_released) ?? _released;
        if (_isAwaiting && (HasSeenFin || PlainReceived >= Conversation.AnswersTo(said)))
        {
            _isAwaiting = false;
            Plan(1, RunStep);
        }
    }

    // Closing with answers unread resets the connection.
    private void Close()
    {
        _isGone = true;
        if (Received != Socket.Accepted)
        {
            _world.Kernel.Break(Socket, Errno.ECONNRESET);
        }
        else
        {
            _wantsFin = true;
            PlanArrival();
        }
    }

    private void Vanish()
    {
        _isGone = true;
        ReadOnlySpan<int> errors = [Errno.ETIMEDOUT, Errno.EHOSTUNREACH, Errno.ENETUNREACH];
        int error = _world.Random.Pick(errors);
        Plan(_world.Random.SkewedLong(1_000_000, 3_000_000_000), () => _world.Kernel.Break(Socket, error));
    }

    private void Arrive()
    {
        _isArrivalPlanned = false;
        if (Socket.IsBroken || Socket.HasFinArrived)
        {
            return;
        }

        if (Socket.Arrived == _released)
        {
            if (_wantsFin)
            {
                _world.Trace.Add($"peer {Id}: its FIN arrives after {Socket.Arrived}");
                Socket.HasFinArrived = true;
                _world.Kernel.NoteProgress();
                _world.Kernel.RunReceive(Socket);
                _world.Kernel.RunHangUp(Socket);
            }

            return;
        }

        if (Socket.IsClosed)
        {
            // Nobody is there: its data is answered by a reset.
            PlanReset();
            return;
        }

        int released = Math.Min(_released, Layer?.MaySend(Received) ?? int.MaxValue);
        int room = Math.Min(released, Socket.Taken + Socket.ReceiveCapacity) - Socket.Arrived;
        if (room > 0)
        {
            Socket.Arrived += Math.Min(room, _script.SegmentBytes);
            _world.Kernel.NoteProgress();
            _world.Kernel.RunReceive(Socket);
            PlanArrival();
        }
    }

    private void Read()
    {
        _isReadPlanned = false;
        if (!_isReading || IsOver)
        {
            return;
        }

        Received += Math.Min(Socket.Accepted - Received, _script.ReadBytes);
        _world.Kernel.NoteProgress();
        _world.Kernel.RunSend(Socket);
        if (Layer is not null)
        {
            // It may have waited for what it has read.
            PlanArrival();
        }

        if (Received != Socket.Accepted)
        {
            PlanRead();
        }
        else if (Socket.HasSentFin && !HasSeenFin)
        {
            SeeFin();
        }

        EndAwait();
    }

    private void SeeFin()
    {
        _world.Trace.Add($"peer {Id}: sees FIN after {Received}");
        HasSeenFin = true;
        if (_script.EndsWithServer)
        {
            // What it has not sent by now it does not send anymore.
            _released = Socket.Arrived;
            _wantsFin = true;
            PlanArrival();
        }
    }
}
