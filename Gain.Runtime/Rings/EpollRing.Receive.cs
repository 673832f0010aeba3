using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    // What one connection may receive in a turn, so that a fast one does not hold up the others.
    private const int MaxReceives = 8;

    void IRing.PrepReceive(int socket, ulong userData)
    {
        if (socket >= _table.Capacity)
        {
            _completions.Add(userData, -Errno.EMFILE, 0);
            return;
        }

        ArmRead(socket, EpollFlags.Receiving, userData);
    }

    private void ArmRead(int fd, EpollFlags operation, ulong userData)
    {
        ref EpollDescriptor entry = ref _table[fd];
        if ((entry.Flags & EpollFlags.Registered) == 0)
        {
            int result = Register(fd, ref entry);
            if (result != 0)
            {
                _completions.Add(userData, result, 0);
                return;
            }
        }

        entry.Flags |= operation;
        entry.ReadToken = userData;
        _operations.AddRead(fd);
        if ((entry.Flags & EpollFlags.Readable) != 0)
        {
            List(fd, ref entry);
        }
    }

    /// <summary>Receives what there is, up to a turn's limits.</summary>
    // SAFETY: a buffer is lent from its completion until the worker gives it back.
    private void Receive(int fd, ref EpollDescriptor entry)
    {
        int size = _buffers.Bytes;
        for (int i = 0; i < MaxReceives; i++)
        {
            if (!_buffers.TryTake(out ushort id))
            {
                CompleteRead(fd, ref entry, -Errno.ENOBUFS);
                return;
            }

            int received = (int)Libc.Recv(fd, _buffers.At(id), (nuint)size, SocketAbi.MSG_DONTWAIT);
            if (received > 0)
            {
                const uint withBuffer = More | IORING_CQE.IORING_CQE_F_BUFFER;
                _completions.Add(
                    entry.ReadToken,
                    received,
                    withBuffer | ((uint)id << IORING_CQE.IORING_CQE_BUFFER_SHIFT));
                if (received < size && IsEmptyAfterShort(entry.Flags))
                {
                    entry.Flags &= ~EpollFlags.Readable;
                    return;
                }

                if (_buffers.HasPlenty)
                {
                    continue;
                }

                break;
            }

            _buffers.Return(id);
            if (received == -Errno.EAGAIN)
            {
                entry.Flags &= ~EpollFlags.Readable;
                return;
            }

            if (received != -Errno.EINTR)
            {
                CompleteRead(fd, ref entry, received);
                return;
            }
        }

        List(fd, ref entry);
    }

    /// <summary>Whether a receive that did not fill its buffer needs no second one to find nothing.</summary>
    /// <remarks>
    /// TCP's receive stops short of what has arrived at urgent data only, which is reported (EPOLLPRI), and
    /// everything that arrives later is an event of its own. What was reported together with data is not
    /// reported again: the peer's end and errors are found by receiving until EAGAIN. Unix sockets also stop
    /// where descriptors are passed or the sender changes.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsEmptyAfterShort(EpollFlags flags) =>
        (flags & (EpollFlags.ShortMeansEmpty | EpollFlags.Exceptional)) == EpollFlags.ShortMeansEmpty;

    private static void LearnProtocol(int fd, ref EpollDescriptor entry)
    {
        entry.Flags |= EpollFlags.KnowsProtocol;
        int result = SocketOptions.GetInt(fd, SocketAbi.SOL_SOCKET, SocketAbi.SO_PROTOCOL, out int protocol);
        if (result == 0 && protocol == SocketAbi.IPPROTO_TCP)
        {
            entry.Flags |= EpollFlags.ShortMeansEmpty;
        }
    }

    /// <summary>Ends the receive or accept of a descriptor with its last completion.</summary>
    private readonly void CompleteRead(int fd, ref EpollDescriptor entry, int result)
    {
        EndRead(fd, ref entry);
        _completions.Add(entry.ReadToken, result, 0);
    }

    private readonly void EndRead(int fd, ref EpollDescriptor entry)
    {
        const EpollFlags any = EpollFlags.Receiving | EpollFlags.Accepting
            | EpollFlags.ReceivingDatagrams | EpollFlags.AwaitingInput;
        if ((entry.Flags & any) != 0)
        {
            _operations.RemoveRead(fd);
            entry.Flags &= ~any;
        }
    }
}
