using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    private const uint ReadEvents = Libc.EPOLLIN | ExceptionalEvents;
    private const uint ExceptionalEvents =
        Libc.EPOLLPRI | Libc.EPOLLRDHUP | Libc.EPOLLHUP | Libc.EPOLLERR;
    private const uint EndEvents = Libc.EPOLLHUP | Libc.EPOLLERR;
    private const uint WriteEvents = Libc.EPOLLOUT | Libc.EPOLLHUP | Libc.EPOLLERR;
    private const uint More = IORING_CQE.IORING_CQE_F_MORE;

    void IRing.Enter(long timeoutNs)
    {
        // Completions are at hand, those of sends mostly: they need no call. But not twice in a row, as
        // sends that complete and lead to sends would keep the worker from seeing anything else.
        if (timeoutNs != 0 && _completions.Count != 0 && !_hasSkippedWait)
        {
            _hasSkippedWait = true;
            return;
        }

        _hasSkippedWait = false;
        bool waits = timeoutNs != 0 && _completions.Count == 0 && _listCount == 0;
        int ready = Wait(waits ? ToMilliseconds(timeoutNs) : 0);
        LookAtListed();
        HandleEvents(ready);

        // Who does not want to wait wants all there is: a stop delivers what has arrived.
        for (int i = 1; timeoutNs == 0 && ready == MaxEvents && i < MaxRoundsWithoutWait; i++)
        {
            ready = Wait(0);
            HandleEvents(ready);
        }
    }

    // Up to the next millisecond: earlier, the worker would find nothing due and wait again.
    private static int ToMilliseconds(long ns) =>
        ns < 0 ? -1 : (int)Math.Min(int.MaxValue, (ns + 999_999) / 1_000_000);

    private readonly int Wait(int timeoutMs)
    {
        int ready = Libc.EpollWait(_epoll, _events, MaxEvents, timeoutMs);
        if (ready >= 0)
        {
            return ready;
        }

        return ready == -Errno.EINTR
            ? 0
            : throw GainException.ForSystemCall("A worker's epoll_wait failed", -ready);
    }

    private void HandleEvents(int count)
    {
        for (int i = 0; i < count; i++)
        {
            HandleEvent(Libc.EpollEventsAt(_events, i), Libc.EpollDataAt(_events, i));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void HandleEvent(uint events, ulong data)
    {
        if (data == WakeData)
        {
            _completions.Add(_wakeToken, (int)Libc.EPOLLIN, More);
            return;
        }

        int fd = (int)data;
        ref EpollDescriptor entry = ref _table[fd];
        if (entry.Generation != (uint)(data >> 32))
        {
            // It was closed, but a copy of the descriptor, in a child process being started, keeps it in
            // the set for a moment.
            return;
        }

        if ((events & EndEvents) != 0)
        {
            HandleHangUp(ref entry, events);
        }

        if ((events & ReadEvents) != 0)
        {
            entry.Flags |= (events & ExceptionalEvents) != 0
                ? EpollFlags.Readable | EpollFlags.Exceptional
                : EpollFlags.Readable;
            LookAt(fd, ref entry);
        }

        if ((events & WriteEvents) != 0)
        {
            entry.Flags &= ~EpollFlags.WriteBlocked;
            if ((entry.Flags & EpollFlags.Sending) != 0)
            {
                ContinueSend(fd, ref entry);
            }
            else if ((entry.Flags & EpollFlags.AwaitingRoom) != 0)
            {
                CompleteSend(fd, ref entry, (int)Libc.EPOLLOUT);
            }
            else if ((entry.Flags & EpollFlags.Connecting) != 0)
            {
                CompleteConnect(fd, ref entry);
            }
        }
    }

    private void LookAtListed()
    {
        // As many as were there: those that a limit stops again go to the list's end, for the next turn.
        for (int left = Math.Min(_listCount, MaxEvents); left > 0; left--)
        {
            int fd = _listHead;
            ref EpollDescriptor entry = ref _table[fd];
            _listHead = entry.NextListed;
            _listCount--;
            entry.Flags &= ~EpollFlags.Listed;
            if ((entry.Flags & EpollFlags.Readable) != 0)
            {
                LookAt(fd, ref entry);
            }

            if ((entry.Flags & (EpollFlags.Sending | EpollFlags.WriteBlocked)) == EpollFlags.Sending)
            {
                ContinueSend(fd, ref entry);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LookAt(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.Receiving) != 0)
        {
            Receive(fd, ref entry);
        }
        else if ((entry.Flags & EpollFlags.Accepting) != 0)
        {
            Accept(fd, ref entry);
        }
        else if ((entry.Flags & EpollFlags.ReceivingDatagrams) != 0)
        {
            ReceiveDatagrams(fd, ref entry);
        }
        else if ((entry.Flags & EpollFlags.AwaitingInput) != 0)
        {
            CompleteRead(fd, ref entry, (int)Libc.EPOLLIN);
        }
    }

    /// <summary>Has a descriptor looked at in the next turn, which does not wait then.</summary>
    private void List(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.Listed) != 0)
        {
            return;
        }

        entry.Flags |= EpollFlags.Listed;
        if (_listCount == 0)
        {
            _listHead = fd;
        }
        else
        {
            _table[_listTail].NextListed = fd;
        }

        _listTail = fd;
        _listCount++;
    }

    /// <summary>Registers a descriptor, once. The next wait reports what it is ready for already.</summary>
    /// <returns>0, or a negative errno.</returns>
    private readonly int Register(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.KnowsProtocol) == 0)
        {
            LearnProtocol(fd, ref entry);
        }

        ulong data = ((ulong)entry.Generation << 32) | (uint)fd;
        uint events = (entry.Flags & EpollFlags.Shared) != 0 ? SharedEvents : AllEvents;
        int result = Libc.EpollControl(_epoll, Libc.EPOLL_CTL_ADD, fd, events, data);
        if (result == 0)
        {
            entry.Flags |= EpollFlags.Registered;
        }

        return result;
    }

    /// <summary>The end of a descriptor: it is out of the set before it is closed.</summary>
    /// <remarks>
    /// Closing alone would do only if no other process has a copy: a child that is being started has, until
    /// its exec.
    /// </remarks>
    private readonly void Forget(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.Registered) != 0)
        {
            Libc.EpollControl(_epoll, Libc.EPOLL_CTL_DEL, fd, 0, 0);
        }

        // Nothing is in flight in an orderly end; a worker that failed closes what is.
        EndRead(fd, ref entry);
        EndSend(fd, ref entry);
        entry.Generation++;
        entry.Flags &= EpollFlags.Listed;
    }
}
