using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Mail;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// A thread with its ring and its connections: the loop that turns completions into callbacks, and what the
/// callbacks wrote into submissions. The other parts of this class each hold one operation.
/// </summary>
/// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
/// <typeparam name="TRing">The ring it runs on.</typeparam>
internal sealed unsafe partial class Worker<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly Mailbox _mailbox;
    private readonly ConnectionTable _table;
    private readonly TProtocol[] _handlers;
    private readonly Listener[] _listeners;

    // Who is at the other end, where addresses are counted.
    private readonly GainAddress[]? _peers;

    // Whether any deadline goes by what peers send.
    private readonly bool _watchesReads;

    // What handlers are copies of, by the server's addresses.
    private TProtocol[] _prototypes = [];
    private TRing _ring;
    private WorkerCounters _counters;

    // The connection whose callback is running, and the receive buffer lent to it: what a fault must mend.
    private int _calling = Slot.None;
    private int _lent = NoBuffer;

    // The next pending connection to settle; a field so that a fault in one does not lose the others.
    private int _settling = Slot.None;

    private const int NoBuffer = -1;

    /// <param name="settings">What it is made from.</param>
    /// <param name="server">What it shares with the others.</param>
    /// <param name="listeners">How many sockets it listens on.</param>
    /// <param name="partOf">
    /// For each of the server's addresses, which part of the protocol serves it; null where it has one.
    /// </param>
    internal Worker(WorkerSettings settings, ServerState server, int listeners, byte[]? partOf = null)
    {
        _settings = settings;
        _server = server;
        _listeners = new Listener[listeners];
        _listeners.AsSpan().Fill(new Listener(-1, isDatagram: false));
        partOf ??= [0];
        _mailbox = MakeMailbox(settings, server.Budget, partOf);
        _table = new ConnectionTable(
            settings.MaxConnections,
            settings.Limits,
            settings.Index,
            _mailbox,
            server.Budget,
            settings.MaxHolds)
        {
            HoldMs = settings.HoldMs,
            HasUserTimers = (TProtocol.Declared & Callbacks.Timer) != 0,
            PartOf = partOf,
        };
        _handlers = new TProtocol[settings.MaxConnections];
        _datagramSockets = new DatagramSocket?[listeners];
        _datagramHandlers = new TProtocol[TakesDatagrams ? listeners : 0];
        _peers = server.Admission.ChecksAddresses ? new GainAddress[settings.MaxConnections] : null;
        _watchesReads = settings.Deadlines.FirstByteMs != 0 || settings.Deadlines.IdleMs != 0;
        _arrived = new SlotNumbers(settings.MaxConnections);
        _parked = new Queue<(int Fd, byte Address)>(settings.Accepts.MaxParked);
    }

    /// <summary>The ring in use, for logs.</summary>
    internal string RingDescription => _ring.Description;

    /// <summary>Takes the worker's listening sockets; it closes them.</summary>
    /// <param name="listeners">The server's sockets.</param>
    /// <param name="accepts">Whether it accepts; else it takes those only that datagrams arrive on.</param>
    internal void TakeListeners(ListenerSet listeners, bool accepts)
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            byte address = (byte)listeners.AddressOf(i);
            if (!accepts && !listeners.IsDatagram(i))
            {
                _listeners[i] = new Listener(-1, isDatagram: false) { Address = address };
                continue;
            }

            int fd = listeners.TakeListener(_settings.Index, i);
            _listeners[i] = new Listener(fd, listeners.IsDatagram(i), listeners.IsShared(i))
            {
                Adjustments = AcceptedSocketOptions.For(_settings.Sockets, fd),
                IsPassed = listeners.IsPassed(i),
                Address = address,
            };
        }
    }

    /// <summary>Takes listening sockets of the ring's own kind; the worker closes them.</summary>
    internal void TakeListeners(ReadOnlySpan<int> descriptors)
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i] = new Listener(descriptors[i], isDatagram: false);
        }
    }

    /// <summary>Makes the ring, on the worker's own thread.</summary>
    internal void Open(IRingFactory<TRing> factory)
    {
        if (_settings.Cpu is int cpu)
        {
            CpuAffinity.PinThread(cpu);
        }

        if (_settings.NiceValue is int nice)
        {
            ThreadNice.Set(_settings.Index, nice);
        }

        _ring = factory.Create(RingSettings);
        OpenDatagrams();
        CreatePerWorker();
        _mailbox.AttachSockets(DropSocket);
        _mailbox.Attach(WakeRing);
    }

    /// <summary>Says that the calling thread is the worker's, until it ends.</summary>
    internal void EnterThread() => _table.EnterThread();

    /// <summary>
    /// The loop: settle what callbacks left, submit and wait, dispatch what completed. Returns when a stop
    /// was asked for and every connection is gone.
    /// </summary>
    /// <param name="prototypes">What handlers are copies of, for each of the server's addresses.</param>
    internal void Run(params TProtocol[] prototypes)
    {
        _prototypes = prototypes;
        for (int i = 0; i < _datagramHandlers.Length; i++)
        {
            _datagramHandlers[i] = prototypes[_listeners[i].Address];
        }

        BeginTurn();
        for (int i = 0; i < _listeners.Length; i++)
        {
            ArmAccept(i);
        }

        while (true)
        {
            if (_mailbox.HasMail || _table.Holds.Count != 0)
            {
                ReadMailAndHolds();
            }

            if (_table.Timers.Count != 0 || WaitsForRoom)
            {
                RunDue();
            }

            if (_server.StopRequested)
            {
                AdvanceStop();
            }

            if (_table.IsPressed)
            {
                RelieveMemory();
            }

            Flush();
            if ((TProtocol.Declared & Callbacks.Datagram) != 0)
            {
                SendDatagrams();
            }

            if (HasStopped)
            {
                _mailbox.Close();
                CheckConservation();
                return;
            }

            MeasureTurn();
            Wait();

            // Not before the wait: callbacks would be told when it began.
            BeginTurn();
            Dispatch();
        }
    }

    /// <summary>Releases everything. The loop has ended in order, or has not begun.</summary>
    internal void Close()
    {
        CloseListeners();
        DisposePerWorker();
        CloseDatagrams();
        _mailbox.Close();
        _ring.Dispose();
        EndObservation();
        _table.Dispose();
        _arrived.Dispose();
        _counters.HeldBytes = 0;
    }

    /// <summary>What the worker has counted so far. Any thread.</summary>
    internal WorkerCounters ReadCounters()
    {
        WorkerCounters counters = WorkerCounters.Read(ref _counters);
        counters.Callbacks += Volatile.Read(ref _table.Frames);
        counters.DroppedWrites = Volatile.Read(ref _table.DroppedWrites);
        counters.RingOverflows = _ring.Overflows;
        counters.HeldBytes = Volatile.Read(ref _counters.HeldBytes);
        AddDatagramCounts(ref counters);
        return counters;
    }

    /// <summary>Wakes the worker so that it sees a change of the server's state. Any thread.</summary>
    internal void Notify() => _mailbox.WakeIfSleeping();

    /// <summary>Notes the bytes that this thread has allocated since its loop began.</summary>
    internal void CountAllocations(long sinceBytes) =>
        Volatile.Write(ref _counters.AllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - sinceBytes);

    private void Flush()
    {
        if (!_table.HasPending)
        {
            return;
        }

        // One send: send(2) costs less than a trip through the ring, whose completion would end the next wait
        // at once. Several: the ring takes them in one system call.
        _settling = _table.TakePending();
        bool alone = HaveOneSend(_settling);
        int index = Slot.None;
        while (_settling != Slot.None)
        {
            try
            {
                CheckFrameEnded();
                while (_settling != Slot.None)
                {
                    index = _settling;
                    _settling = _table[index].NextPending;
                    Settle(index, alone);
                    CheckFrameEnded();
                }
            }
            catch (Exception fault) when (IsContained(fault, index))
            {
                HandleFault(fault);
            }
        }
    }

    // Whether the connections of the list have at most one send between them.
    private bool HaveOneSend(int pending)
    {
        int sends = 0;
        for (int index = pending; index != Slot.None && sends < 2; index = _table[index].NextPending)
        {
            sends += _table[index].Outbound.Bytes != 0 ? 1 : 0;
        }

        return sends < 2;
    }

    /// <summary>Does what the time, or room for connections, has come for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunDue()
    {
        bool done = false;
        int timer = NoTimer;
        while (!done)
        {
            try
            {
                RunTimers(ref timer);
                timer = NoTimer;
                if (WaitsForRoom)
                {
                    TakeInParked();
                }

                done = true;
            }
            catch (Exception fault) when (IsContained(fault, ServedBy(timer)))
            {
                HandleFault(fault);
            }
        }
    }

    private void Wait()
    {
        if (_table.HasPending)
        {
            _ring.Enter(0);
            return;
        }

        // The latch goes up before the last look, so that a producer either is seen or wakes the ring.
        _mailbox.PrepareToSleep();
        bool awake = _mailbox.HasMail
            || _table.Holds.HasReleased
            || (_server.StopRequested && _stop == StopStage.None)
            || (WaitsForRoom && HasRoom)
            || HasStopped;
        _ring.Enter(awake ? 0 : NextTimeoutNs());
        _mailbox.AfterSleep();
    }

    private void Dispatch()
    {
        _ring.BeginBatch();
        var switchTarget = new WorkerReference<TProtocol, TRing>(this);
        bool done = false;
        CompletionEntry completion = default;
        while (!done)
        {
            try
            {
                while (_ring.TryTake(out completion))
                {
                    TProtocol.Complete(switchTarget, completion);
                    CheckFrameEnded();
                }

                done = true;
            }
            catch (Exception fault) when (IsContained(fault, ServedBy(completion)))
            {
                HandleFault(fault);
            }
        }

        _ring.EndBatch();
        if (_starvedHead != Slot.None)
        {
            ArmStarved();
        }

        _routes?.WakeAll(ref _ring);
        if (_datagramsStarved)
        {
            ArmStarvedDatagrams();
        }
    }

    /// <summary>The engine's own operations: what no callback of the protocol belongs to.</summary>
    /// <param name="completion">The completion.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void HandleOther(CompletionEntry completion)
    {
        switch (Token.OperationOf(completion))
        {
            case Operation.Accept:
                HandleAccept(completion);
                break;
            case Operation.CancelReceive:
                HandleCancel(completion, SlotFlags.CancelingReceive);
                break;
            case Operation.CancelSend:
                HandleCancel(completion, SlotFlags.CancelingSend);
                break;
            case Operation.HangUp:
                HandleHangUp(completion);
                break;
            case Operation.CancelHangUp:
                HandleCancel(completion, SlotFlags.CancelingHangUp);
                break;
            case Operation.CancelAccept:
                // The accept's own completion says how it ended.
                break;
            case Operation.DatagramRoom:
                HandleDatagramRoom(completion);
                break;
            case Operation.Wake:
                _ring.HandleWake(completion);
                break;
            case Operation.Mail:
                // The turn itself looks at the mail.
                break;
            case Operation.SendMail:
                _routes!.HandleUnsent(Token.SlotOf(completion.UserData));
                break;
            default:
                throw new InvalidOperationException(
                    $"A completion for no known operation: user_data 0x{completion.UserData:x16}, "
                    + $"result {completion.Result}.");
        }
    }

    /// <summary>
    /// Whether a connection's protocol declares one of some callbacks. Where all protocols of the server do,
    /// or none, as where it has one, this is constant, and the code for what is absent disappears.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Declares(int index, Callbacks callbacks) =>
        (TProtocol.Common & callbacks) != 0
        || ((TProtocol.Declared & callbacks) != 0
            && (TProtocol.DeclaredBy(ref _handlers[index]) & callbacks) != 0);

    private void WakeRing() => _ring.Wake();

    // A completion of an earlier connection in the slot: its buffer goes back, and nothing else happens.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void DropStale(CompletionEntry completion)
    {
        _counters.StaleCompletions++;
        if (completion.HasBuffer)
        {
            _ring.Recycle(completion.BufferId);
        }
    }
}
