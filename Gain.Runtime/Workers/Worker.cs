using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Mail;
using Gain.Rings;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;
using Gain.Writing;

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
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly TProtocol[] _handlers;
    private readonly Listeners _listeners;

    // What handlers are copies of, by the server's addresses.
    private TProtocol[] _prototypes = [];
    private TRing _ring;
    private WorkerCounters _counters;

    // The connection whose callback is running, and the receive buffer lent to it: what a fault must mend.
    private int _calling = Slot.None;
    private int _lent = Served.NoBuffer;

    // The next pending connection to settle; a field so that a fault in one does not lose the others.
    private int _settling = Slot.None;

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
        _listeners = new Listeners(listeners, server.Admission);
        Changes = new ListenerChanges(_listeners);
        partOf ??= [0];
        _mailbox = MailReader<TProtocol, TRing>.MakeMailbox(settings, server.Budget, partOf);
        _table = new SlotTable(
            settings.MaxConnections,
            settings.Index,
            _mailbox,
            server.Budget,
            settings.MaxHolds,
            HasSessions ? settings.MaxConnections : 0,
            settings.Dials.TakesDatagrams ? settings.Datagrams.MostDialled + 1 : 0)
        {
            HoldMs = settings.HoldMs,
            HasUserTimers = (TProtocol.Declared & Callbacks.Timer) != 0,
            PartOf = partOf,
            TimersOf = new bool[partOf.Length],
        };
        _writer = new ConnectionWriter(_table, settings.Limits, server.Budget);
        _handlers = new TProtocol[settings.MaxConnections];
        Faults = new Faults<TProtocol, TRing>(this);
        Observer = new Observer<TProtocol, TRing>(this);
        Deadlines = new Deadlines<TProtocol, TRing>(this);
        Intake = new Intake<TProtocol, TRing>(this);
        Receiver = new Receiver<TProtocol, TRing>(this);
        Sender = new Sender<TProtocol, TRing>(this);
        Closer = new Closer<TProtocol, TRing>(this);
        Datagrams = new Datagrams<TProtocol, TRing>(this);
        Answers = new Answers<TProtocol, TRing>(this);
        MailReader = new MailReader<TProtocol, TRing>(this);
        Stopper = new Stopper<TProtocol, TRing>(this);
        Dialer = new Dialer<TProtocol, TRing>(this);
        Proxies = new ProxyHeaders<TProtocol, TRing>(this);
        Layers = new Layers<TProtocol, TRing>(this);
        Couplings = new Couplings<TProtocol, TRing>(this);
        Sessions = HasSessions ? new Sessions<TProtocol, TRing>(this) : null;
    }

    /// <summary>Whether a protocol of the server's has sessions. Constant.</summary>
    internal static bool HasSessions => (TProtocol.Declared & Callbacks.Session) != 0;

    // The rooms: each has its state to itself, and reaches the others through the worker.

    /// <summary>What is thrown while a connection is served.</summary>
    internal Faults<TProtocol, TRing> Faults { get; }

    /// <summary>Connections that come in, and when none are accepted.</summary>
    internal Intake<TProtocol, TRing> Intake { get; }

    /// <summary>What connections receive.</summary>
    internal Receiver<TProtocol, TRing> Receiver { get; }

    /// <summary>What connections send, and back-pressure.</summary>
    internal Sender<TProtocol, TRing> Sender { get; }

    /// <summary>How connections end.</summary>
    internal Closer<TProtocol, TRing> Closer { get; }

    /// <summary>What connections have a time for, and the worker itself.</summary>
    internal Deadlines<TProtocol, TRing> Deadlines { get; }

    /// <summary>Sockets for datagrams.</summary>
    internal Datagrams<TProtocol, TRing> Datagrams { get; }

    /// <summary>Answers that are due.</summary>
    internal Answers<TProtocol, TRing> Answers { get; }

    /// <summary>What other threads want of connections.</summary>
    internal MailReader<TProtocol, TRing> MailReader { get; }

    /// <summary>The way to the worker's end.</summary>
    internal Stopper<TProtocol, TRing> Stopper { get; }

    /// <summary>Connections that go out.</summary>
    internal Dialer<TProtocol, TRing> Dialer { get; }

    /// <summary>What the worker notices of itself.</summary>
    internal Observer<TProtocol, TRing> Observer { get; }

    /// <summary>Listeners that come and go.</summary>
    internal ListenerChanges Changes { get; }

    /// <summary>What lies between sockets and protocols.</summary>
    internal Layers<TProtocol, TRing> Layers { get; }

    /// <summary>Pairs of connections.</summary>
    internal Couplings<TProtocol, TRing> Couplings { get; }

    /// <summary>Pairs of which the kernel moves the bytes; null before the first.</summary>
    internal SpliceRoom? Splices { get; set; }

    /// <summary>Connections that begin by saying who their client is.</summary>
    internal ProxyHeaders<TProtocol, TRing> Proxies { get; }

    /// <summary>Sessions; null where no protocol has any.</summary>
    internal Sessions<TProtocol, TRing>? Sessions { get; }

    // What the rooms share.

    /// <summary>What the worker is made from.</summary>
    internal WorkerSettings Settings => _settings;

    /// <summary>What it shares with the other workers.</summary>
    internal ServerState Server => _server;

    /// <summary>The way in, for other threads.</summary>
    internal Mailbox Mailbox => _mailbox;

    /// <summary>Its connections.</summary>
    internal SlotTable Table => _table;

    /// <summary>What they write by.</summary>
    internal ConnectionWriter Writer => _writer;

    /// <summary>Their handlers, by slot.</summary>
    internal TProtocol[] Handlers => _handlers;

    /// <summary>What handlers are copies of, by the server's addresses.</summary>
    internal TProtocol[] Prototypes => _prototypes;

    /// <summary>What it listens on.</summary>
    internal Listeners Listeners => _listeners;

    /// <summary>Its ring.</summary>
    internal ref TRing Ring => ref _ring;

    /// <summary>What it has counted; written by its own thread alone.</summary>
    internal ref WorkerCounters Counters => ref _counters;

    /// <summary>Whose callback is running: a slot, or one of <see cref="Served"/>.</summary>
    internal ref int Calling => ref _calling;

    /// <summary>The receive buffer that is lent to the callback, so that a fault gives it back.</summary>
    internal ref int Lent => ref _lent;

    /// <summary>The ring in use, for logs.</summary>
    internal string RingDescription => _ring.Description;

    /// <summary>Takes the worker's listening sockets; it closes them.</summary>
    /// <param name="listeners">The server's sockets.</param>
    /// <param name="accepts">Whether it accepts; else it takes those only that datagrams arrive on.</param>
    internal void TakeListeners(ListenerSet listeners, bool accepts)
    {
        _listeners.Take(listeners, _settings.Index, _settings.Sockets, accepts, takesDatagrams: true);
        if (accepts)
        {
            Changes.Follow(_server.LastListenerChange, _settings.Index);
        }
    }

    /// <summary>Takes listening sockets of the ring's own kind; the worker closes them.</summary>
    internal void TakeListeners(ReadOnlySpan<int> descriptors) => _listeners.Take(descriptors);

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

        _ring = factory.Create(Datagrams.RingSettings);
        Datagrams.OpenDatagrams();
        CreatePerWorker();
        Sessions?.EnterThread();
        _mailbox.AttachSockets(MailReader.DropSocket);
        _mailbox.Attach(WakeRing);
    }

    /// <summary>Says that the calling thread is the worker's, until it ends.</summary>
    internal void EnterThread() => _writer.EnterThread();

    /// <summary>
    /// The loop: settle what callbacks left, submit and wait, dispatch what completed. Returns when a stop
    /// was asked for and every connection is gone.
    /// </summary>
    /// <param name="prototypes">What handlers are copies of, for each of the server's addresses.</param>
    internal void Run(params TProtocol[] prototypes)
    {
        Begin(prototypes);
        while (Turn())
        {
        }
    }

    /// <summary>One turn of the loop; false when the worker has stopped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Turn()
    {
        if (_mailbox.HasMail || _table.Holds.Count != 0)
        {
            Answers.ReadMailAndHolds();
        }

        if (_table.Timers.Count != 0 || Intake.WaitsForRoom)
        {
            RunDue();
        }

        if (Changes.IsDue || _server.StopRequested)
        {
            FollowServer();
        }

        if (_table.IsPressed)
        {
            Observer.RelieveMemory();
        }

        Flush();
        if ((TProtocol.Declared & Callbacks.Datagram) != 0)
        {
            Datagrams.SendDatagrams();
        }

        if (Stopper.HasStopped)
        {
            _mailbox.Close();
            Stopper.CheckConservation();
            return false;
        }

        Observer.MeasureTurn();
        Wait();

        // Not before the wait: callbacks would be told when it began.
        Observer.BeginTurn();
        Dispatch();
        return true;
    }

    /// <summary>Releases everything. The loop has ended in order, or has not begun.</summary>
    internal void Close()
    {
        CloseListeners();
        DisposePerWorker();
        Datagrams.CloseDatagrams();
        _mailbox.Close();
        Dialer.Close();
        Splices?.Close();
        _ring.Dispose();
        Layers.Close();
        Proxies.Close();
        Observer.EndObservation();
        _table.Dispose();
        Stopper.Close();
        Sessions?.LeaveThread();
        _counters.HeldBytes = 0;
    }

    /// <summary>What the worker has counted so far. Any thread.</summary>
    internal WorkerCounters ReadCounters()
    {
        WorkerCounters counters = WorkerCounters.Read(ref _counters);
        counters.Callbacks += Volatile.Read(ref _table.Frames);
        counters.DroppedWrites = Volatile.Read(ref _writer.DroppedWrites);
        counters.RingOverflows = _ring.Overflows;
        counters.HeldBytes = Volatile.Read(ref _counters.HeldBytes);
        Datagrams.AddDatagramCounts(ref counters);
        return counters;
    }

    /// <summary>Wakes the worker so that it sees a change of the server's state. Any thread.</summary>
    internal void Notify() => _mailbox.WakeIfSleeping();

    /// <summary>Notes the bytes that this thread has allocated since its loop began.</summary>
    internal void CountAllocations(long sinceBytes) =>
        Volatile.Write(ref _counters.AllocatedBytes, GC.GetAllocatedBytesForCurrentThread() - sinceBytes);

    private void Flush()
    {
        if (HasSessions && Sessions!.HasWork)
        {
            Sessions.RunWork();
        }

        if (!_table.HasPending)
        {
            return;
        }

        // One send: send(2) costs less than a trip through the ring, whose completion would end the next wait
        // at once. Several: the ring takes them in one system call.
        _settling = _table.TakePending();
        var step = new SettleStep(HaveOneSend(_settling));
        Faults.RunGuarded(ref step);
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
        // A dial that waits for its name has a timer, that of its deadline.
        if (Dialer.HasNames)
        {
            Dialer.TakeNames();
        }

        var step = new DueStep();
        Faults.RunGuarded(ref step);
    }

    /// <summary>Listeners have come, or end: who waits at those is taken in. Or the server stops.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FollowServer()
    {
        if (Changes.IsDue)
        {
            Changes.Make(ref _ring);
            var step = new EndingStep();
            Faults.RunGuarded(ref step);
            Intake.ArmTimers();
        }

        if (_server.StopRequested)
        {
            Stopper.AdvanceStop();
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
            || Dialer.HasNames
            || Stopper.HasNews
            || (HasSessions && Sessions!.HasWork)
            || Datagrams.HasWork
            || Changes.HasNews
            || (Intake.WaitsForRoom && Intake.HasRoom)
            || Stopper.HasStopped;
        _ring.Enter(awake ? 0 : Deadlines.NextTimeoutNs());
        _mailbox.AfterSleep();
    }

    private void Dispatch()
    {
        _ring.BeginBatch();
        var step = new DispatchStep();
        Faults.RunGuarded(ref step);
        _ring.EndBatch();
        if (Receiver.HasStarved)
        {
            Receiver.ArmStarved();
        }

        Intake.WakeOthers();
        if (Datagrams.HasStarved)
        {
            Datagrams.ArmStarvedDatagrams();
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
                Intake.HandleAccept(completion);
                break;
            case Operation.CancelReceive:
                Closer.HandleCancel(completion, SlotOperation.CancelReceive);
                break;
            case Operation.CancelSend:
                Closer.HandleCancel(completion, SlotOperation.CancelSend);
                break;
            case Operation.HangUp:
                Closer.HandleHangUp(completion);
                break;
            case Operation.CancelHangUp:
                Closer.HandleCancel(completion, SlotOperation.CancelHangUp);
                break;
            case Operation.Connect:
                Dialer.HandleConnect(completion);
                break;
            case Operation.CancelConnect:
                Closer.HandleCancel(completion, SlotOperation.CancelConnect);
                break;
            case Operation.Attempt:
                Dialer.HandleAttempt(completion);
                break;
            case Operation.CancelAttempt:
                Dialer.HandleCancelAttempt(completion);
                break;
            case Operation.CancelIgnored:
                // The accept's own completion says how it ended.
                break;
            case Operation.SpliceInput or Operation.SpliceRoom:
                Splices!.Handle(completion);
                break;
            case Operation.DatagramRoom:
                Datagrams.HandleDatagramRoom(completion);
                break;
            case >= Operation.DialledDatagram and <= Operation.CancelDialled:
                Datagrams.Dials!.Handle(completion);
                break;
            case Operation.Wake:
                _ring.HandleWake(completion);
                break;
            case Operation.Mail:
                // The turn itself looks at the mail.
                break;
            case Operation.SendMail:
                Intake.HandleUnsent(Token.SlotOf(completion.UserData));
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
    internal bool Declares(int index, Callbacks callbacks) =>
        (TProtocol.Common & callbacks) != 0
        || ((TProtocol.Declared & callbacks) != 0
            && (TProtocol.DeclaredBy(ref _handlers[index]) & callbacks) != 0);

    /// <summary>
    /// Called when callbacks have run, and before anything is sent: a frame that one of them began and did
    /// not end is its fault, which closes its connection.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CheckFrameEnded()
    {
        if (_writer.OpenFrame != Slot.None)
        {
            Faults.ThrowOpenFrame();
        }
    }

    private void WakeRing() => _ring.Wake();

    // A completion of an earlier connection in the slot: its buffer goes back, and nothing else happens.
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void DropStale(CompletionEntry completion)
    {
        _counters.StaleCompletions++;
        if (completion.HasBuffer)
        {
            _ring.Recycle(completion.BufferId);
        }
    }
}
