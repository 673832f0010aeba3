using System.Runtime.CompilerServices;
using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>Accepting, and when not to.</remarks>
internal sealed partial class Acceptor<TBalancer, TRing>
{
    private const long Never = long.MaxValue;

    private AcceptHold _hold;
    private int _backoffMs;
    private long _retryAtMs = Never;
    private long _earlyAtMs = Never;

    private void ArmAccept(int index) =>
        _listeners[index].ArmAccept(ref _ring, index, _server.Admission.LimitsRate);

    private void HandleAccept(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Listener listener = ref _listeners[index];
        if (!completion.HasMore)
        {
            listener.IsArmed = false;
        }

        if (completion.Result < 0)
        {
            HandleAcceptError(-completion.Result);
        }
        else
        {
            _backoffMs = 0;
            bool mayWait = _server.Admission.LimitsRate && !_isStopping;
            if (!mayWait || !TryHoldEarly(ref listener, completion.Result))
            {
                TakeIn(completion.Result, index);
            }
        }

        if (!listener.IsArmed && _hold == AcceptHold.None && !_isStopping)
        {
            ArmAccept(index);
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
            HandOver(new PendingSocket(fd, listener, worker));
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

    private bool TryHoldEarly(ref Listener listener, int fd)
    {
        bool isEarly = AcceptPacing.TryHold(ref listener, fd, _server.Admission, _nowMs);
        _earlyAtMs = AcceptPacing.NextMs(_listeners);
        return isEarly;
    }

    /// <summary>Takes in those whose moment in the rate has come.</summary>
    private void TakeInEarly()
    {
        while (AcceptPacing.TryTake(_listeners, _nowMs, out int index, out int fd))
        {
            TakeIn(fd, index);
            if (!_listeners[index].IsArmed && _hold == AcceptHold.None)
            {
                ArmAccept(index);
            }
        }

        _earlyAtMs = AcceptPacing.NextMs(_listeners);
    }

    private void RefuseEarly()
    {
        while (AcceptPacing.TryTake(_listeners, AcceptPacing.Never, out _, out int fd))
        {
            Refuse(fd, RefusalReason.Stopping);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleAcceptError(int error)
    {
        if (error == Errno.ECANCELED || (error == Errno.EINVAL && _isStopping))
        {
            return;
        }

        _counters.AcceptErrors++;
        if (AcceptErrors.IsOfOneConnection(error))
        {
            return;
        }

        if (_backoffMs == 0 && MayLog(ref _acceptLog))
        {
            Log.AcceptorFailed(_server.Logger, Errno.Name(error), Errno.Meaning(error));
        }

        _backoffMs = AcceptErrors.NextBackoff(_backoffMs);
        if (!_isStopping)
        {
            _hold |= AcceptHold.Error;
            _retryAtMs = _nowMs + _backoffMs;
        }
    }

    /// <summary>Stops accepting until the reason is gone.</summary>
    private void HoldAccepts(AcceptHold reason)
    {
        bool isFirst = _hold == AcceptHold.None;
        _hold |= reason;
        if (isFirst)
        {
            CancelAccepts();
        }
    }

    /// <summary>A reason not to accept is gone.</summary>
    private void ReleaseAccepts(AcceptHold reason)
    {
        _hold &= ~reason;
        if (_hold != AcceptHold.None || _isStopping)
        {
            return;
        }

        // One that is being cancelled is armed by its last completion.
        for (int i = 0; i < _listeners.Length; i++)
        {
            if (!_listeners[i].IsArmed)
            {
                ArmAccept(i);
            }
        }
    }

    private void CancelAccepts()
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            if (_listeners[i].IsArmed)
            {
                _ring.PrepCancel(
                    Token.Pack(Operation.Accept, i, 0), Token.Pack(Operation.CancelIgnored, i, 0));
            }
        }
    }

    private void CloseListeners()
    {
        foreach (ref Listener listener in _listeners.AsSpan())
        {
            // Nothing on it is in flight, or the ring ends next.
            listener.Close(ref _ring);
        }
    }
}
