using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    void IRing.PrepAwaitHangUp(int socket, ulong userData)
    {
        if (socket >= _table.Capacity)
        {
            _completions.Add(userData, -Errno.EMFILE, 0);
            return;
        }

        ref EpollDescriptor entry = ref _table[socket];
        int result = (entry.Flags & EpollFlags.Registered) != 0 ? 0 : Register(socket, ref entry);
        if (result != 0)
        {
            _completions.Add(userData, result, 0);
            return;
        }

        entry.Flags |= EpollFlags.AwaitingHangUp;
        entry.HangUpToken = userData;
        CompleteHangUpIfDue(ref entry);
    }

    readonly void IRing.PrepCancelHangUp(int socket, ulong target, ulong userData)
    {
        ref EpollDescriptor entry = ref _table[socket];
        bool isArmed = (entry.Flags & EpollFlags.AwaitingHangUp) != 0;
        if (isArmed)
        {
            entry.Flags &= ~EpollFlags.AwaitingHangUp;
            _completions.Add(target, -Errno.ECANCELED, 0);
        }

        _completions.Add(userData, isArmed ? 0 : -Errno.ENOENT, 0);
    }

    // Such an event comes once, and may come before the wait: it is kept.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void HandleHangUp(ref EpollDescriptor entry, uint events)
    {
        entry.Flags |= ((events & Libc.EPOLLHUP) != 0 ? EpollFlags.HungUp : EpollFlags.None)
            | ((events & Libc.EPOLLERR) != 0 ? EpollFlags.Failed : EpollFlags.None);
        CompleteHangUpIfDue(ref entry);
    }

    private readonly void CompleteHangUpIfDue(ref EpollDescriptor entry)
    {
        const EpollFlags Due = EpollFlags.AwaitingHangUp | EpollFlags.HungUp;
        if ((entry.Flags & Due) == Due)
        {
            int failed = (entry.Flags & EpollFlags.Failed) != 0 ? (int)Libc.EPOLLERR : 0;
            entry.Flags &= ~EpollFlags.AwaitingHangUp;
            _completions.Add(entry.HangUpToken, (int)Libc.EPOLLHUP | failed, 0);
        }
    }
}
