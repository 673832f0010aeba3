using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    // What one listener may accept in a turn: connections are served, too, while clients storm in.
    private const int MaxAccepts = 64;

    void IRing.PrepAccept(int listener, ulong userData)
    {
        // accept4 has no flag like MSG_DONTWAIT. Sockets that share the listener's port have queues of their
        // own, so that none is affected but this one. What is accepted does not inherit it.
        int result = listener < _table.Capacity ? Libc.SetNonBlocking(listener) : -Errno.EMFILE;
        if (result != 0)
        {
            _completions.Add(userData, result, 0);
            return;
        }

        ArmRead(listener, EpollFlags.Accepting, userData);
    }

    /// <summary>Accepts who waits, up to a turn's limit.</summary>
    private void Accept(int listener, ref EpollDescriptor entry)
    {
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

    private readonly int AcceptOne(int listener, EpollFlags listenerFlags)
    {
        int accepted = Libc.Accept4(listener, null, null, Sockets.SOCK_CLOEXEC);
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
