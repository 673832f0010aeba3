using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The calls that move datagrams. Results as elsewhere.</summary>
internal abstract unsafe partial class Libc
{
    /// <summary>recvmmsg(2), without a time limit: the number of messages.</summary>
    // SAFETY: the kernel writes to the headers and what they name during the call only.
    internal static int RecvMMsg(int fd, mmsghdr* messages, uint count, int flags)
    {
        int received = recvmmsg(fd, messages, count, flags, null);
        return received >= 0 ? received : -Marshal.GetLastSystemError();
    }

    /// <summary>sendmmsg(2): the number of messages that were sent.</summary>
    // SAFETY: the kernel reads the messages during the call only.
    internal static int SendMMsg(int fd, mmsghdr* messages, uint count, int flags)
    {
        int sent = sendmmsg(fd, messages, count, flags);
        return sent >= 0 ? sent : -Marshal.GetLastSystemError();
    }

    /// <summary>sendto(2): the number of bytes that were sent.</summary>
    // SAFETY: the kernel reads the memory during the call only.
    internal static nint SendTo(int fd, void* data, nuint length, int flags, void* name, uint nameLength)
    {
        nint sent = sendto(fd, data, length, flags, name, nameLength);
        return sent >= 0 ? sent : -Marshal.GetLastSystemError();
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern int recvmmsg(int fd, mmsghdr* messages, uint count, int flags, void* timeout);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int sendmmsg(int fd, mmsghdr* messages, uint count, int flags);

    [DllImport("libc", ExactSpelling = true)]
    private static extern nint sendto(
        int fd, void* data, nuint length, int flags, void* name, uint nameLength);
}
