using Gain.Kernel;

namespace Gain.Rings;

/// <summary>Sends datagrams by system calls, which cost less than a trip through any ring.</summary>
internal static unsafe class DatagramCalls
{
    private const int Flags = SocketAbi.MSG_NOSIGNAL | SocketAbi.MSG_DONTWAIT;

    /// <summary>Like <see cref="IDatagramSink.SendDatagrams"/>.</summary>
    // SAFETY: the kernel reads the messages, and what they name, during the call only.
    public static int Send(int socket, mmsghdr* messages, int count)
    {
        // The kernel copies two structs less in for sendto.
        if (count == 1 && messages->msg_hdr.msg_controllen == 0)
        {
            iovec* payload = messages->msg_hdr.msg_iov;
            nint sent = Libc.SendTo(
                socket,
                payload->iov_base,
                payload->iov_len,
                Flags,
                messages->msg_hdr.msg_name,
                messages->msg_hdr.msg_namelen);
            return sent >= 0 ? 1 : (int)sent;
        }

        return Libc.SendMMsg(socket, messages, (uint)count, Flags);
    }
}
