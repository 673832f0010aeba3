using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    // What one listener may accept in a turn: connections are served, too, while clients storm in.
    private const int MaxAccepts = 64;

    // EPOLLEXCLUSIVE allows no others.
    private const uint SharedEvents = Libc.EPOLLIN | Libc.EPOLLET | Libc.EPOLLEXCLUSIVE;

    void IRing.PrepAccept(int listener, ulong userData) => ArmAccept(listener, userData, EpollFlags.None);

    void IRing.PrepAcceptOne(int listener, ulong userData) =>
        ArmAccept(listener, userData, EpollFlags.Shared);

    private void ArmAccept(int listener, ulong userData, EpollFlags shared)
    {
        // accept4 has no flag like MSG_DONTWAIT. Sockets that share the listener's port have queues of their
        // own, so that none is affected but this one; those that share the socket are rings of the same kind.
        // What is accepted does not inherit it.
        int result = listener < _table.Capacity ? Libc.SetNonBlocking(listener) : -Errno.EMFILE;
        if (result != 0)
        {
            _completions.Add(userData, result, 0);
            return;
        }

        _table[listener].Flags |= shared;
        ArmRead(listener, EpollFlags.Accepting, userData);
    }

    /// <summary>Accepts who waits, up to a turn's limit.</summary>
    private void Accept(int listener, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.Shared) != 0)
        {
            AcceptShared(listener, ref entry);
            return;
        }

        for (int i = 0; i < MaxAccepts; i++)
        {
            int accepted = AcceptOne(listener, entry.Flags);
            if (accepted >= 0)
            {
                _completions.Add(entry.ReadToken, accepted, More);
            }
            else if (accepted == -Errno.EAGAIN)
            {
                entry.Flags &= ~EpollFlags.Readable;
                return;
            }
            else if (accepted != -Errno.EINTR)
            {
                CompleteRead(listener, ref entry, accepted);
                return;
            }
        }

        List(listener, ref entry);
    }

    /// <summary>Accepts one waiting client, and leaves the others to the next worker.</summary>
    private void AcceptShared(int listener, ref EpollDescriptor entry)
    {
        int accepted = AcceptOne(listener, entry.Flags);
        if (accepted == -Errno.EINTR)
        {
            List(listener, ref entry);
        }
        else if (accepted == -Errno.EAGAIN)
        {
            entry.Flags &= ~EpollFlags.Readable;
            if ((entry.Flags & EpollFlags.HadTurn) != 0)
            {
                QueueBehindOthers(listener, ref entry);
            }
        }
        else
        {
            entry.Flags |= EpollFlags.HadTurn;
            CompleteRead(listener, ref entry, accepted);
        }
    }

    readonly int IRing.AcceptNow(int listener)
    {
        int result = Libc.SetNonBlocking(listener);
        return result == 0 ? AcceptOne(listener, EpollFlags.None) : result;
    }

    readonly int IRing.CountUnread(int socket) => Libc.CountUnread(socket);

    readonly long IRing.CountHeldBack(ulong userData) => 0;

    /// <summary>
    /// Registers a listener anew: the kernel wakes the first of the sets that wait at it, and this one has
    /// had its turn. Who has come meanwhile is reported by the registration.
    /// </summary>
    private readonly void QueueBehindOthers(int listener, ref EpollDescriptor entry)
    {
        entry.Flags &= ~(EpollFlags.HadTurn | EpollFlags.Registered);
        Libc.EpollControl(_epoll, Libc.EPOLL_CTL_DEL, listener, 0, 0);
        int result = Register(listener, ref entry);
        if (result != 0)
        {
            CompleteRead(listener, ref entry, result);
        }
    }

    private readonly int AcceptOne(int listener, EpollFlags listenerFlags)
    {
        int accepted = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        if (accepted < 0)
        {
            return accepted;
        }

        if (accepted >= _table.Capacity)
        {
            // As if descriptors had run out: those of this ring have.
            Libc.Close(accepted);
            return -Errno.EMFILE;
        }

        ref EpollDescriptor entry = ref _table[accepted];
        entry.Flags &= EpollFlags.Listed;
        entry.Flags |= listenerFlags & (EpollFlags.KnowsProtocol | EpollFlags.ShortMeansEmpty);
        return accepted;
    }
}
