using System.Runtime.CompilerServices;
using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    private const int SendFlags = SocketAbi.MSG_NOSIGNAL | SocketAbi.MSG_DONTWAIT;

    // What one connection may send in a turn: a peer that reads as fast as this writes would keep the worker
    // from all others. Only memory that is sent as it is, is longer.
    private const int MaxSendBytes = 1 << 20;

    // What has its user_data as the send: a descriptor has one of these at a time.
    private const EpollFlags SendOperations =
        EpollFlags.Sending | EpollFlags.AwaitingRoom | EpollFlags.Connecting;

    // More is left than a turn's share, and the socket may take it.
    private const int TurnOver = 1;

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
        if (!IsUnfinished(result))
        {
            _completions.Add(userData, done != 0 ? done : result, 0);
        }
        else if (TryKeepSend(socket, userData, done, length - done, result))
        {
            _table[socket].SendRest = data + done;
        }
    }

    // SAFETY: as for PrepSend. The list is read during the call; what is left of it is copied.
    void IRing.PrepSendGather(int socket, ReadOnlySpan<iovec> pieces, ulong userData)
    {
        Span<iovec> rest = stackalloc iovec[IRing.MaxPieces];
        pieces.CopyTo(rest);
        rest = rest[..pieces.Length];
        int length = 0;
        foreach (ref readonly iovec piece in pieces)
        {
            length += (int)piece.iov_len;
        }

        int done = 0;
        int result = IsBlocked(socket) ? -Errno.EAGAIN : SendPieces(socket, rest, length, ref done);
        if (!IsUnfinished(result))
        {
            _completions.Add(userData, done != 0 ? done : result, 0);
        }
        else if (TryKeepSend(socket, userData, done, length - done, result))
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

    private static bool IsUnfinished(int result) => result is -Errno.EAGAIN or TurnOver;

    /// <summary>Keeps a send until an event says that there is room, or the next turn begins.</summary>
    private bool TryKeepSend(int socket, ulong userData, int done, int left, int reason)
    {
        int result = -Errno.EMFILE;
        if (socket < _table.Capacity)
        {
            ref EpollDescriptor entry = ref _table[socket];
            result = (entry.Flags & EpollFlags.Registered) != 0 ? 0 : Register(socket, ref entry);
            if (result == 0)
            {
                entry.Flags |= EpollFlags.Sending;
                entry.SendToken = userData;
                entry.SendDone = done;
                entry.SendLeft = left;
                _operations.AddSend(socket);
                AwaitRoom(socket, ref entry, reason);
                return true;
            }
        }

        _completions.Add(userData, done != 0 ? done : result, 0);
        return false;
    }

    private void AwaitRoom(int fd, ref EpollDescriptor entry, int reason)
    {
        if (reason == TurnOver)
        {
            List(fd, ref entry);
        }
        else
        {
            entry.Flags |= EpollFlags.WriteBlocked;
        }
    }

    /// <summary>There is room: the send goes on.</summary>
    private void ContinueSend(int fd, ref EpollDescriptor entry)
    {
        int before = entry.SendDone;
        int result = (entry.Flags & EpollFlags.Gathered) != 0
            ? SendPieces(fd, _table.PiecesOf(fd), entry.SendLeft, ref entry.SendDone)
            : SendRest(fd, entry.SendRest, entry.SendLeft, ref entry.SendDone);
        int sent = entry.SendDone - before;
        entry.SendLeft -= sent;
        entry.SendRest += sent;
        if (IsUnfinished(result))
        {
            AwaitRoom(fd, ref entry, result);
        }
        else
        {
            CompleteSend(fd, ref entry, entry.SendDone != 0 ? entry.SendDone : result);
        }
    }

    private readonly void CompleteSend(int fd, ref EpollDescriptor entry, int result)
    {
        EndSend(fd, ref entry);
        _completions.Add(entry.SendToken, result, 0);
    }

    private readonly void EndSend(int fd, ref EpollDescriptor entry)
    {
        if ((entry.Flags & SendOperations) != 0)
        {
            _operations.RemoveSend(fd);
            entry.Flags &= ~(SendOperations | EpollFlags.Gathered);
        }
    }

    /// <summary>
    /// Sends until everything is out, the socket takes no more, or the turn's share is used up.
    /// </summary>
    /// <param name="fd">The socket.</param>
    /// <param name="data">What is left.</param>
    /// <param name="length">Its length.</param>
    /// <param name="done">Grows by what was sent.</param>
    /// <returns>0 when everything is out, <see cref="TurnOver"/>, or a negative errno.</returns>
    // SAFETY: the kernel reads the memory during the calls only.
    private static int SendRest(int fd, byte* data, int length, ref int done)
    {
        int share = Math.Min(length, MaxSendBytes);
        int sent = 0;
        while (sent < share)
        {
            int result = (int)Libc.Send(fd, data + sent, (nuint)(share - sent), SendFlags);
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

        return share == length ? 0 : TurnOver;
    }

    /// <summary>Like <see cref="SendRest"/>, for pieces, of which it leaves what is left.</summary>
    // SAFETY: the kernel reads the list and the memory during the calls only.
    private static int SendPieces(int fd, Span<iovec> pieces, int length, ref int done)
    {
        iovec* window = stackalloc iovec[IRing.MaxPieces];
        int share = Math.Min(length, MaxSendBytes);
        int sent = 0;
        while (sent < share)
        {
            msghdr message = default;
            message.msg_iov = window;
            message.msg_iovlen = (nuint)FillWindow(window, pieces, share - sent);
            int result = (int)Libc.SendMsg(fd, &message, SendFlags);
            if (result >= 0)
            {
                sent += result;
                done += result;
                pieces = Advance(pieces, result);
            }
            else if (result != -Errno.EINTR)
            {
                return result;
            }
        }

        return share == length ? 0 : TurnOver;
    }

    /// <summary>Lists the first bytes of some pieces.</summary>
    /// <returns>The number of pieces that they lie in.</returns>
    // SAFETY: the window has room for as many pieces as there can be, and shows memory of theirs only.
    private static int FillWindow(iovec* window, ReadOnlySpan<iovec> pieces, int bytes)
    {
        var left = (nuint)bytes;
        int count = 0;
        for (; count < pieces.Length && left != 0; count++)
        {
            window[count] = pieces[count];
            window[count].iov_len = Math.Min(window[count].iov_len, left);
            left -= window[count].iov_len;
        }

        return count;
    }

    /// <summary>Takes what was sent off the front of a list.</summary>
    /// <returns>The rest of the list, from the first piece that has bytes left.</returns>
    // SAFETY: a piece shrinks within its own memory.
    private static Span<iovec> Advance(Span<iovec> pieces, int sent)
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

        return pieces[whole..];
    }
}
