using Gain.Kernel;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    // What one socket may receive in a turn, so that a flooded one does not hold up the others.
    private const int MaxDatagrams = 128;

    void IRing.PrepReceiveDatagrams(int socket, bool isUnix, ulong userData)
    {
        if (socket >= _table.Capacity)
        {
            _completions.Add(userData, -Errno.EMFILE, 0);
            return;
        }

        if (isUnix)
        {
            _table[socket].Flags |= EpollFlags.UnixNames;
        }

        ArmRead(socket, EpollFlags.ReceivingDatagrams, userData);
    }

    // SAFETY: the buffer is the worker's until RecycleDatagram.
    readonly Span<byte> IRing.ReceivedDatagram(ushort bufferId, int length) =>
        new(_datagrams!.Buffers.At(bufferId), length);

    readonly void IRing.RecycleDatagram(ushort bufferId) => _datagrams!.Buffers.Return(bufferId);

    // SAFETY: the kernel reads the messages during the call only.
    readonly int IDatagramSink.SendDatagrams(int socket, mmsghdr* messages, int count) =>
        DatagramCalls.Send(socket, messages, count);

    void IRing.PrepAwaitRoom(int socket, ulong userData)
    {
        int result = -Errno.EMFILE;
        if (socket < _table.Capacity)
        {
            ref EpollDescriptor entry = ref _table[socket];
            result = (entry.Flags & EpollFlags.Registered) != 0 ? 0 : Register(socket, ref entry);
            if (result == 0)
            {
                // The event comes: the call that said EAGAIN has asked the kernel for it.
                entry.Flags |= EpollFlags.AwaitingRoom;
                entry.SendToken = userData;
                entry.SendDone = 0;
                _operations.AddSend(socket);
                return;
            }
        }

        _completions.Add(userData, result, 0);
    }

    /// <summary>Receives what there is, up to a turn's limits.</summary>
    // SAFETY: a buffer is lent from its completion until the worker gives it back.
    private void ReceiveDatagrams(int fd, ref EpollDescriptor entry)
    {
        DatagramScratch scratch = _datagrams!;
        bool isUnix = (entry.Flags & EpollFlags.UnixNames) != 0;
        for (int left = MaxDatagrams; left > 0;)
        {
            int asked = scratch.Take(isUnix);
            if (asked == 0)
            {
                CompleteRead(fd, ref entry, -Errno.ENOBUFS);
                return;
            }

            int received = Libc.RecvMMsg(fd, scratch.Messages, (uint)asked, SocketAbi.MSG_DONTWAIT);
            for (int i = 0; i < received; i++)
            {
                const uint withBuffer = More | IORING_CQE.IORING_CQE_F_BUFFER;
                int length = scratch.WriteHead(i);
                uint id = scratch.IdAt(i);
                _completions.Add(
                    entry.ReadToken, length, withBuffer | (id << IORING_CQE.IORING_CQE_BUFFER_SHIFT));
            }

            scratch.ReturnFrom(Math.Max(received, 0));
            if (received < 0 && received != -Errno.EAGAIN)
            {
                if (received != -Errno.EINTR)
                {
                    CompleteRead(fd, ref entry, received);
                    return;
                }
            }
            else if (received < asked)
            {
                // An error behind the last one is reported by the next call: it waits at the socket.
                entry.Flags &= ~EpollFlags.Readable;
                return;
            }

            left -= asked;
        }

        List(fd, ref entry);
    }
}
