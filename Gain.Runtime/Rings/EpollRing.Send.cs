using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    private const int SendFlags = Sockets.MSG_NOSIGNAL | Sockets.MSG_DONTWAIT;

    // SAFETY: the kernel reads the memory during the call only.
    readonly int IRing.SendNow(int socket, byte* data, int length)
    {
        int sent = (int)Libc.Send(socket, data, (nuint)length, SendFlags);
        if (sent == -Errno.EAGAIN && socket < _table.Capacity)
        {
            ref EpollDescriptor entry = ref _table[socket];
            if ((entry.Flags & EpollFlags.Registered) != 0)
            {
                // The event that says that there is room comes: the send armed next need not try.
                entry.Flags |= EpollFlags.WriteBlocked;
            }
        }

        return sent;
    }

    // SAFETY: the memory is the ring's until the completion; the worker keeps it that long.
    void IRing.PrepSend(int socket, byte* data, int length, ulong userData)
    {
        int done = 0;
        int result = IsBlocked(socket) ? -Errno.EAGAIN : SendRest(socket, data, length, ref done);
        if (result != -Errno.EAGAIN)
        {
            _completions.Add(userData, done != 0 ? done : result, 0);
            return;
        }

        if (TryWaitForRoom(socket, userData, done, length - done))
        {
            _table[socket].SendRest = data + done;
        }
    }

    // SAFETY: as for PrepSend. The list is read during the call; what is left of it is copied.
    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        Span<iovec> rest = stackalloc iovec[EpollTable.MaxPieces];
        pieces.CopyTo(rest);
        rest = rest[..pieces.Length];
        int length = 0;
        foreach (ref readonly iovec piece in pieces)
        {
            length += (int)piece.iov_len;
        }

        int done = 0;
        int result = IsBlocked(socket) ? -Errno.EAGAIN : SendPieces(socket, rest, ref done, length);
        if (result != -Errno.EAGAIN)
        {
            _completions.Add(userData, done != 0 ? done : result, 0);
            return;
        }

        if (TryWaitForRoom(socket, userData, done, length - done))
        {
            _table[socket].Flags |= EpollFlags.Gathered;
            Span<iovec> kept = _table.PiecesOf(socket);
            kept.Clear();
            rest.CopyTo(kept);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsBlocked(int socket) =>
        socket < _table.Capacity && (_table[socket].Flags & EpollFlags.WriteBlocked) != 0;

    /// <summary>Keeps a send until an event says that there is room.</summary>
    private readonly bool TryWaitForRoom(int socket, ulong userData, int done, int left)
    {
        int result = -Errno.EMFILE;
        if (socket < _table.Capacity)
        {
            ref EpollDescriptor entry = ref _table[socket];
            result = (entry.Flags & EpollFlags.Registered) != 0 ? 0 : Register(socket, ref entry);
            if (result == 0)
            {
                entry.Flags |= EpollFlags.Sending | EpollFlags.WriteBlocked;
                entry.SendToken = userData;
                entry.SendDone = done;
                entry.SendLeft = left;
                _operations.AddSend(socket);
                return true;
            }
        }

        _completions.Add(userData, done != 0 ? done : result, 0);
        return false;
    }

    /// <summary>There is room: the send goes on.</summary>
    private readonly void ContinueSend(int fd, ref EpollDescriptor entry)
    {
        int before = entry.SendDone;
        int result = (entry.Flags & EpollFlags.Gathered) != 0
            ? SendPieces(fd, _table.PiecesOf(fd), ref entry.SendDone, before + entry.SendLeft)
            : SendRest(fd, entry.SendRest, entry.SendLeft, ref entry.SendDone);
        int sent = entry.SendDone - before;
        entry.SendLeft -= sent;
        if (result == -Errno.EAGAIN)
        {
            entry.Flags |= EpollFlags.WriteBlocked;
            entry.SendRest += sent;
            return;
        }

        CompleteSend(fd, ref entry, entry.SendDone != 0 ? entry.SendDone : result);
    }

    private readonly void CompleteSend(int fd, ref EpollDescriptor entry, int result)
    {
        EndSend(fd, ref entry);
        _completions.Add(entry.SendToken, result, 0);
    }

    private readonly void EndSend(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & EpollFlags.Sending) != 0)
        {
            _operations.RemoveSend(fd);
            entry.Flags &= ~(EpollFlags.Sending | EpollFlags.Gathered);
        }
    }

    /// <summary>Sends until everything is out, or the socket takes no more.</summary>
    /// <param name="fd">The socket.</param>
    /// <param name="data">What is left.</param>
    /// <param name="length">Its length.</param>
    /// <param name="done">Grows by what was sent.</param>
    /// <returns>0 when everything is out, or a negative errno.</returns>
    // SAFETY: the kernel reads the memory during the calls only.
    private static int SendRest(int fd, byte* data, int length, ref int done)
    {
        int sent = 0;
        while (sent < length)
        {
            int result = (int)Libc.Send(fd, data + sent, (nuint)(length - sent), SendFlags);
            if (result >= 0)
            {
                sent += result;
                done += result;
            }
            else if (result != -Errno.EINTR)
            {
                return result;
            }
        }

        return 0;
    }

    /// <summary>As <see cref="SendRest"/>, for pieces, of which it leaves what is left.</summary>
    // SAFETY: the kernel reads the list and the memory during the calls only.
    private static int SendPieces(int fd, Span<iovec> pieces, ref int done, int length)
    {
        int first = 0;
        while (done < length)
        {
            int result;
            fixed (iovec* list = pieces[first..])
            {
                msghdr message = default;
                message.msg_iov = list;
                message.msg_iovlen = (nuint)(pieces.Length - first);
                result = (int)Libc.SendMsg(fd, &message, SendFlags);
            }

            if (result >= 0)
            {
                done += result;
                first += Advance(pieces[first..], result);
            }
            else if (result != -Errno.EINTR)
            {
                return result;
            }
        }

        return 0;
    }

    /// <summary>Takes what was sent off the front of a list.</summary>
    /// <returns>The pieces that are empty now.</returns>
    // SAFETY: a piece shrinks within its own memory.
    private static int Advance(Span<iovec> pieces, int sent)
    {
        int whole = 0;
        var left = (nuint)sent;
        while (whole < pieces.Length && left >= pieces[whole].iov_len)
        {
            left -= pieces[whole].iov_len;
            pieces[whole].iov_len = 0;
            whole++;
        }

        if (left != 0)
        {
            ref iovec piece = ref pieces[whole];
            piece.iov_base = (byte*)piece.iov_base + left;
            piece.iov_len -= left;
        }

        return whole;
    }
}
