using Gain.CompilerServices;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// What is thrown while a connection is served ends that connection, whether a callback threw it or the
/// engine did: nothing that a peer does may end the worker, and with it the server. What concerns no
/// connection, and what the ring throws, is the worker's own failure.
/// </summary>
internal sealed class Faults<TProtocol, TRing>
    where TProtocol : struct, IProtocol<TProtocol>
    where TRing : struct, IRing
{
    private readonly Worker<TProtocol, TRing> _worker;
    private readonly WorkerSettings _settings;
    private readonly ServerState _server;
    private readonly SlotTable _table;
    private readonly TProtocol[] _handlers;

    // Whether the fault is the engine's own, and not that of a callback.
    private bool _isEngineFault;

    private LogLimiter _budgetLog;

    /// <summary>Whether the fault is the engine's own, and not that of a callback.</summary>
    internal ref bool IsEngineFault => ref _isEngineFault;

    internal Faults(Worker<TProtocol, TRing> worker)
    {
        _worker = worker;
        _settings = worker.Settings;
        _server = worker.Server;
        _table = worker.Table;
        _handlers = worker.Handlers;
    }

    /// <summary>Runs a step to its end; a fault in it ends the one that was served, and nothing
    /// else.</summary>
    internal void RunGuarded<TStep>(ref TStep step)
        where TStep : struct, IGuardedStep<TProtocol, TRing>
    {
        bool isDone = false;
        while (!isDone)
        {
            try
            {
                step.Run(_worker);
                isDone = true;
            }
            catch (Exception fault) when (IsContained(fault, step.FindServed(_worker)))
            {
                HandleFault(fault);
            }
        }
    }

    /// <summary>Whether a fault is that of one connection, which <see cref="HandleFault"/> then
    /// ends.</summary>
    /// <param name="fault">What was thrown.</param>
    /// <param name="served">
    /// Whom the engine was serving, which counts when no callback was running: a slot,
    /// <see cref="Served.Datagram"/>, or <see cref="Slot.None"/>.
    /// </param>
    internal bool IsContained(Exception fault, int served)
    {
        if (_worker.Calling != Slot.None)
        {
            return true;
        }

        if (served == Slot.None || fault is RingException)
        {
            return false;
        }

        _worker.Calling = served;
        _isEngineFault = true;
        return true;
    }

    /// <summary>Whom a completion is about.</summary>
    internal int ServedBy(CompletionEntry completion)
    {
        switch (Token.OperationOf(completion))
        {
            case Operation.Receive:
            case Operation.Send:
            case Operation.SpliceInput:
            case Operation.SpliceRoom:
            case Operation.CancelReceive:
            case Operation.CancelSend:
            case Operation.HangUp:
            case Operation.CancelHangUp:
            case Operation.Connect:
            case Operation.CancelConnect:
                int index = Token.SlotOf(completion.UserData);
                return Owned(index, Token.GenerationOf(completion.UserData));
            case Operation.Attempt:
            case Operation.CancelAttempt:
                return _worker.Dialer.ServedBy(completion);
            case Operation.Datagram:
            case Operation.DialledDatagram:
                return Served.Datagram;
            default:
                return Slot.None;
        }
    }

    /// <summary>Whom a command is about.</summary>
    internal int ServedBy(Command command) => command.Kind switch
    {
        CommandKind.Datagram or CommandKind.DatagramToPeer => Served.Datagram,
        _ => command.IsOfConnection ? Owned(command.Slot, command.Generation) : Slot.None,
    };

    /// <summary>Whom a timer is of.</summary>
    internal int ServedBy(int timer) =>
        timer >= _table.FirstOwnTimer ? Slot.None : SlotTable.SlotOf(timer);

    internal int Owned(int index, uint generation) =>
        (uint)index < (uint)_table.UsedSlots
            && _table[index].Generation == generation
            && _table[index].Fd >= 0
            ? index
            : Slot.None;

    /// <summary>Serving a connection has failed: it is closed, and the others go on.</summary>
    internal void HandleFault(Exception fault)
    {
        int index = _worker.Calling;
        _worker.Calling = Slot.None;
        if (index == Served.Datagram)
        {
            _worker.Datagrams.HandleDatagramFault(fault);
            return;
        }

        if (_worker.Lent != Served.NoBuffer)
        {
            _worker.Ring.Recycle((ushort)_worker.Lent);
            _worker.Lent = Served.NoBuffer;
        }

        CloseReason reason = CountFault(fault, index);
        ref Slot slot = ref _table[index];
        if (slot.HasClosed)
        {
            return;
        }

        slot.BeginAborting();
        slot.Reason = reason;
        _table.Fault = fault;
        _worker.Closer.EndConnection(index, ref slot, isAbort: true);
        _table.Fault = null;
    }

    internal CloseReason CountFault(Exception fault, int served)
    {
        bool isEngineFault = _isEngineFault;
        _isEngineFault = false;
        if (fault is BudgetException refused)
        {
            CountRefusal(refused.Message);
            return refused.Reason;
        }

        if (isEngineFault)
        {
            _worker.Counters.EngineFaults++;
            if (_worker.Observer.MayLogFault())
            {
                Log.EngineFault(
                    _server.Logger,
                    fault,
                    _settings.Index,
                    _worker.Observer.DescribeServed(served),
                    NameOfProtocol(served));
            }

            return CloseReason.EngineFault;
        }

        _worker.Counters.HandlerFaults++;
        if (_worker.Observer.MayLogFault())
        {
            Log.HandlerFault(
                _server.Logger,
                fault,
                NameOfProtocol(served),
                _settings.Index,
                _worker.Observer.DescribeServed(served));
        }

        return CloseReason.HandlerFault;
    }

    internal string NameOfProtocol(int served) =>
        served < 0 ? TProtocol.DisplayName : TProtocol.NameOf(ref _handlers[served]);

    internal void CountRefusal(string message)
    {
        _worker.Counters.BudgetRefusals++;
        if (_worker.Observer.MayLog(ref _budgetLog))
        {
            Log.OutOfMemory(_server.Logger, _settings.Index, message);
        }
    }

    /// <summary>A callback has returned with a frame open: its connection is closed for it.</summary>
    internal void ThrowOpenFrame()
    {
        _worker.Calling = _worker.Writer.OpenFrame;
        throw new InvalidOperationException(
            "A callback returned with a frame open: it has to end what it began with BeginFrame, by EndFrame "
            + "or CancelFrame. Nothing of the frame is sent.");
    }
}
