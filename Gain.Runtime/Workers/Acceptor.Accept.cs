using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>Accepting, and when not to.</remarks>
internal sealed partial class Acceptor<TBalancer, TRing>
{
    private void HandleAccept(CompletionEntry completion)
    {
        switch (_listeners.Handle(ref _ring, completion, _nowMs))
        {
            case AcceptOutcome.Accepted:
                TakeIn(completion.Result, Token.SlotOf(completion.UserData));
                break;
            case AcceptOutcome.Failed:
                CountAcceptError(-completion.Result);
                break;
            case AcceptOutcome.FailedAgain or AcceptOutcome.Lost:
                _counters.AcceptErrors++;
                break;
        }
    }

    private void CountAcceptError(int error)
    {
        _counters.AcceptErrors++;
        if (MayLog(ref _acceptLog))
        {
            Log.AcceptorFailed(_server.Logger, Errno.Name(error), Errno.Meaning(error));
        }
    }

    private void Adjust(int fd, AcceptedSocketOptions adjustments)
    {
        int result = adjustments.Apply(fd);
        if (result < 0)
        {
            _counters.SocketErrors++;
            if (MayLog(ref _acceptLog))
            {
                Log.OptionFailed(_server.Logger, Errno.Name(-result), Errno.Meaning(-result));
            }
        }
    }

    /// <summary>Finds a worker for a new socket, and gives it to that worker.</summary>
    private void TakeIn(int fd, int listener)
    {
        if (IsPastStopDeadline)
        {
            Refuse(fd, RefusalReason.Stopping);
            return;
        }

        if (_listeners[listener].Adjustments is { } adjustments)
        {
            Adjust(fd, adjustments);
        }

        GainAddress peer = default;
        if (TBalancer.NeedsAddress && !_ring.TryGetPeer(fd, out peer))
        {
            Refuse(fd, RefusalReason.Gone);
            return;
        }

        if (TryPick(peer, out int worker))
        {
            HandOver(new PendingSocket(fd, _listeners[listener].Origin, worker));
        }
        else
        {
            Refuse(fd, RefusalReason.Balancer);
        }
    }

    private bool TryPick(GainAddress peer, out int worker)
    {
        try
        {
            worker = _balancer.Pick(peer, _handOvers.Loads);
        }
        catch (Exception fault)
        {
            worker = -1;
            if (MayLog(ref _balancerLog))
            {
                Log.BalancerThrew(_server.Logger, fault, typeof(TBalancer).Name);
            }

            return false;
        }

        if ((uint)worker < (uint)_pendingOf.Length)
        {
            return true;
        }

        LogOutOfRange(worker);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void LogOutOfRange(int worker)
    {
        if (MayLog(ref _balancerLog))
        {
            Log.BalancerOutOfRange(_server.Logger, typeof(TBalancer).Name, worker, _pendingOf.Length - 1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Refuse(int fd, RefusalReason reason)
    {
        _counters.CountRefused(reason);
        _ring.Close(fd);
    }

    /// <summary>Takes in those whose moment in the rate has come.</summary>
    private void TakeInEarly()
    {
        while (_listeners.TryTakeEarly(ref _ring, _nowMs, out int index, out int fd))
        {
            TakeIn(fd, index);
        }
    }

    /// <summary>Listeners have come, or end.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ChangeListeners()
    {
        _changes.Make(ref _ring);
        while (_changes.TryTakeWaiting(ref _ring, _nowMs, out int index, out int fd))
        {
            TakeIn(fd, index);
        }
    }

    private void RefuseEarly()
    {
        while (_listeners.TryTakeEarly(out _, out int fd))
        {
            Refuse(fd, RefusalReason.Stopping);
        }
    }
}
