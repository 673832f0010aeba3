using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Simulation;

internal sealed partial class SimulatedKernel
{
    private readonly Queue<(CompletionEntry Entry, SimulatedOperation? Operation)> _completions = new();
    private int _hidden;
    private int _ready;
    private bool _isWakeArmed = true;
    private bool _isWakeDue;

    private bool HasCompletions => _completions.Count != 0 || _held.Count != 0;

    // Then a multishot operation ends with its next completion, which is kept.
    private bool IsQueueFull => _completions.Count + _hidden >= Faults.CompletionCapacity;

    public void BeginBatch()
    {
        _ready = Math.Min(_completions.Count, Faults.CompletionCapacity);
        if (World.Scenario.LongestRun != int.MaxValue)
        {
            HoldReady();
        }
    }

    public bool TryTake(out CompletionEntry completion)
    {
        SimulatedOperation? operation;
        if (World.Scenario.LongestRun != int.MaxValue)
        {
            if (!TryTakeHeld(out completion, out operation))
            {
                return false;
            }
        }
        else if (_ready == 0)
        {
            completion = default;
            return false;
        }
        else
        {
            _ready--;
            (completion, operation) = _completions.Dequeue();
        }

        if (completion.HasBuffer)
        {
            Buffers.Lend(completion.BufferId);
        }

        if (operation is not null)
        {
            Note(operation, completion);
            if (!completion.HasMore)
            {
                Retire(operation);
            }
        }

        return true;
    }

    public void EndBatch() => Buffers.Publish();

    /// <summary>Ends the worker's wait. The simulation has one thread, which may play another.</summary>
    public void Wake()
    {
        _isWakeDue = true;
        ShowWake();
    }

    public void HandleWake(CompletionEntry completion)
    {
        if (!completion.HasMore)
        {
            _isWakeArmed = true;
            ShowWake();
        }
    }

    // The worker's due completion of an operation: at once, or some time later, and then in order.
    private void Complete(SimulatedOperation operation, int result, uint flags = 0)
    {
        if ((flags & IORING_CQE.IORING_CQE_F_MORE) == 0)
        {
            operation.IsOver = true;
        }

        var entry = new CompletionEntry(operation.UserData, result, flags);
        if (operation.Hidden == 0 && !Random.Chance(Faults.Late))
        {
            _completions.Enqueue((entry, operation));
            return;
        }

        long at = World.NowNs + Random.SkewedLong(1, Faults.MaxLateNs);
        operation.LastShownNs = Math.Max(operation.LastShownNs, at);
        operation.Hidden++;
        _hidden++;
        if (operation.Kind == Operation.Receive)
        {
            operation.Socket!.HiddenUntilNs = operation.LastShownNs;
        }

        World.Events.Plan(operation.LastShownNs, () =>
        {
            operation.Hidden--;
            _hidden--;
            _completions.Enqueue((entry, operation));
        });
    }

    private void Note(SimulatedOperation operation, CompletionEntry completion)
    {
        SimulatedSocket? socket = operation.Socket;
        int peer = socket?.Peer.Id ?? -1;
        Trace.Add($"  {operation.Kind} {peer}: {completion.Result} flags {completion.Flags}");
        if (operation.Kind == Operation.Receive)
        {
            socket!.Seen += Math.Max(0, completion.Result);
            socket.HasSeenEnd |= completion.Result == 0;
            socket.Served.NoteReceive(completion);
        }
        else if (operation.Kind == Operation.Send)
        {
            socket!.Served.NoteSend(completion.Result);
        }
        else if (operation.Kind == Operation.HangUp)
        {
            socket!.Served.NoteHangUp(completion.Result);
        }
        else if (operation.Kind == Operation.Accept && completion.Result >= 0)
        {
            SocketOf(completion.Result).WasAccepted = true;
        }
        else if (operation.Kind == Operation.Connect)
        {
            socket!.WasAccepted = true;
        }
    }

    private void Retire(SimulatedOperation operation)
    {
        _inFlight.Remove(operation.UserData);
        if (operation.Socket is not null)
        {
            operation.Socket.InFlight--;
        }

        if (operation.Dial is not null)
        {
            operation.Dial.InFlight--;
        }

        switch (operation.Kind)
        {
            case Operation.Accept:
                operation.Listener!.Accept = null;
                break;
            case Operation.Receive:
            case Operation.SpliceInput:
                operation.Socket!.Receive = null;
                break;
            case Operation.SpliceRoom:
                operation.Socket!.Send = null;
                break;
            case Operation.Send:
                operation.Socket!.Send = null;
                CheckIntact(operation);
                break;
            case Operation.HangUp:
                operation.Socket!.HangUp = null;
                break;
        }
    }

    private void CheckIntact(SimulatedOperation send)
    {
        if (!send.IsIntact)
        {
            throw World.Fail($"the memory of a send to peer {send.Socket!.Peer.Id} changed while in flight");
        }
    }

    // An eventfd: several signals are one completion, and one is kept while nobody polls.
    private void ShowWake()
    {
        if (!_isWakeDue || !_isWakeArmed)
        {
            return;
        }

        _isWakeDue = false;
        _isWakeArmed = !IsQueueFull && !Random.Chance(Faults.EndWake);
        uint flags = _isWakeArmed ? IORING_CQE.IORING_CQE_F_MORE : 0;
        _completions.Enqueue((new CompletionEntry(_settings.WakeToken, 1, flags), null));
    }

    private void WakeForNothing()
    {
        if (Random.Chance(Faults.SpuriousWake))
        {
            World.Notify();
            Wake();
        }
    }
}
