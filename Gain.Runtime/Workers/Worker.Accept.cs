using System.Runtime.CompilerServices;
using Gain.Connections;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Workers;

public sealed unsafe partial class Worker<TProtocol, TRing>
{
    // Descriptors ran out, or the like: how long until the next try, unless a connection closes before.
    private const int MinAcceptBackoffMs = 10;
    private const int MaxAcceptBackoffMs = 100;

    private int _acceptBackoffMs;

    private void ArmAccept(int index)
    {
        ref Listener listener = ref _listeners[index];
        listener.IsArmed = true;
        _ring.PrepAccept(listener.Fd, Token.Pack(Operation.Accept, index, 0));
    }

    /// <summary>Takes a connection in, or handles the accept's failure.</summary>
    /// <param name="completion">The completion of a listener's accept.</param>
    public void HandleAccept(CompletionEntry completion)
    {
        int index = Token.SlotOf(completion.UserData);
        ref Listener listener = ref _listeners[index];
        if (!completion.HasMore)
        {
            listener.IsArmed = false;
        }

        if (completion.Result < 0)
        {
            HandleAcceptError(ref listener, -completion.Result);
        }

        // Before OnAccept, which may throw.
        if (!listener.IsArmed && !listener.IsWaiting && _stop == StopStage.None)
        {
            ArmAccept(index);
        }

        if (completion.Result >= 0)
        {
            _acceptBackoffMs = 0;
            OpenConnection(completion.Result);
        }
    }

    private void OpenConnection(int fd)
    {
        if (_stop != StopStage.None || !_server.TryOpen())
        {
            _counters.Refused++;
            _ring.Close(fd);
            return;
        }

        int index = _table.Allocate(fd);
        if (index == Slot.None)
        {
            _server.CountClosed();
            _server.CountFreed();
            _counters.Refused++;
            _ring.Close(fd);
            return;
        }

        _counters.Accepted++;
        _handlers[index] = _prototype;
        ref Slot slot = ref _table[index];
        if ((TProtocol.Declared & Callbacks.Accept) != 0)
        {
            _counters.Callbacks++;
            _calling = index;
            TProtocol.Accept(ref _handlers[index], new Connection(_table, ref slot));
            _calling = Slot.None;
        }

        ArmReceiveIfWanted(index, ref slot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleAcceptError(ref Listener listener, int error)
    {
        switch (error)
        {
            case Errno.ECANCELED:
            case Errno.EINVAL when _stop != StopStage.None:
                return;

            case Errno.ECONNABORTED:
            case Errno.EINTR:
            case Errno.EAGAIN:
            case Errno.EPROTO:
            case Errno.EPERM:
            case Errno.ENETDOWN:
            case Errno.ENETUNREACH:
            case Errno.EHOSTDOWN:
            case Errno.EHOSTUNREACH:
            case Errno.ENONET:
            case Errno.ENOPROTOOPT:
            case Errno.EOPNOTSUPP:
                // The one connection failed before it was taken (accept(2)); the next may not.
                _counters.AcceptErrors++;
                return;

            default:
                // EMFILE, ENFILE, ENOBUFS, ENOMEM and what is unknown: the next try would fail as well.
                // The clients wait in the listen queue meanwhile.
                _counters.AcceptErrors++;
                if (_acceptBackoffMs == 0)
                {
                    Log.AcceptFailed(
                        _server.Logger, _settings.Index, Errno.Name(error), Errno.Describe(error));
                }

                _acceptBackoffMs = Math.Clamp(_acceptBackoffMs * 2, MinAcceptBackoffMs, MaxAcceptBackoffMs);
                listener.RetryAtMs = _table.NowMs + _acceptBackoffMs;
                listener.IsWaiting = true;
                _hasDeadlines = true;
                return;
        }
    }

    /// <summary>Arms the accepts whose time has come.</summary>
    private void RetryAccepts(long nowMs)
    {
        for (int i = 0; i < _listeners.Length; i++)
        {
            if (_listeners[i].IsWaiting && nowMs >= _listeners[i].RetryAtMs)
            {
                _listeners[i].IsWaiting = false;
                if (_stop == StopStage.None)
                {
                    ArmAccept(i);
                }
            }
        }
    }

    /// <summary>A descriptor was closed: an accept that waits for one need not wait longer.</summary>
    private void HastenAccepts()
    {
        foreach (ref Listener listener in _listeners.AsSpan())
        {
            listener.RetryAtMs = 0;
        }
    }
}
