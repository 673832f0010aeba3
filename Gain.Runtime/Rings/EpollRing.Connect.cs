using System.Runtime.CompilerServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Rings;

internal unsafe partial struct EpollRing
{
    // Non-blocking, so that connect(2) returns; it may stay so, as nothing here relies on the opposite.
    readonly int IConnector.OpenOutgoing(OutgoingSockets sockets, int family)
    {
        int fd = sockets.Open(family, SocketAbi.SOCK_NONBLOCK);
        if (fd >= _table.Capacity)
        {
            Libc.Close(fd);
            return -Errno.EMFILE;
        }

        return fd;
    }

    // A socket that does not connect yet reports its end (EPOLLHUP): it is registered behind the call.
    // SAFETY: the kernel reads the address during the call only.
    void IConnector.PrepConnect(int socket, in sockaddr_storage address, uint length, ulong userData)
    {
        sockaddr_storage name = address;
        int result = Libc.Connect(socket, &name, length);
        ref EpollDescriptor entry = ref _table[socket];
        if (result is -Errno.EINPROGRESS or -Errno.EINTR)
        {
            result = Register(socket, ref entry);
            if (result == 0)
            {
                entry.Flags |= EpollFlags.Connecting;
                entry.SendToken = userData;
                entry.SendDone = 0;
                _operations.AddSend(socket);
                return;
            }
        }

        _completions.Add(userData, result, 0);
    }

    readonly int IConnector.FinishConnect(int socket) =>
        OutgoingConnect.IsToItself(socket, out _) ? -Errno.ECONNREFUSED : 0;

    /// <summary>The socket is writable, or has failed: the one error that it has tells which.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void CompleteConnect(int fd, ref EpollDescriptor entry)
    {
        int result = SocketOptions.GetInt(fd, SocketAbi.SOL_SOCKET, SocketAbi.SO_ERROR, out int error);
        CompleteSend(fd, ref entry, result != 0 ? result : -error);
    }
}
