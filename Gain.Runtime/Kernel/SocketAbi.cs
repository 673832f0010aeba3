namespace Gain.Kernel;

/// <summary>Constants of the socket calls, under the kernel's names.</summary>
/// <remarks>
/// These are the values of asm-generic, which x64, arm64, riscv64 and loongarch64 share; SocketAbiTests
/// compares each with what the C compiler of the machine says.
/// </remarks>
internal static class SocketAbi
{
    internal const int AF_UNSPEC = 0;
    internal const int AF_UNIX = 1;
    internal const int AF_INET = 2;
    internal const int AF_INET6 = 10;

    internal const int SOCK_STREAM = 1;
    internal const int SOCK_DGRAM = 2;
    internal const int SOCK_SEQPACKET = 5;
    internal const int SOCK_NONBLOCK = 0x800;
    internal const int SOCK_CLOEXEC = 0x80000;

    internal const int IPPROTO_IP = 0;
    internal const int IPPROTO_TCP = 6;
    internal const int IPPROTO_UDP = 17;
    internal const int IPPROTO_IPV6 = 41;

    internal const int SOL_SOCKET = 1;
    internal const int SO_REUSEADDR = 2;
    internal const int SO_TYPE = 3;
    internal const int SO_ERROR = 4;
    internal const int SO_SNDBUF = 7;
    internal const int SO_RCVBUF = 8;
    internal const int SO_KEEPALIVE = 9;
    internal const int SO_LINGER = 13;
    internal const int SO_REUSEPORT = 15;
    internal const int SO_PEERCRED = 17;
    internal const int SO_ACCEPTCONN = 30;
    internal const int SO_MARK = 36;
    internal const int SO_PROTOCOL = 38;
    internal const int SO_DOMAIN = 39;
    internal const int SO_BUSY_POLL = 46;
    internal const int SO_INCOMING_CPU = 49;
    internal const int SO_ATTACH_REUSEPORT_CBPF = 51;
    internal const int SO_ATTACH_REUSEPORT_EBPF = 52;
    internal const int SO_ZEROCOPY = 60;
    internal const int SO_BINDTOIFINDEX = 62;

    internal const int IP_PKTINFO = 8;
    internal const int IP_FREEBIND = 15;
    internal const int IP_BIND_ADDRESS_NO_PORT = 24;
    internal const int IP_LOCAL_PORT_RANGE = 51;
    internal const int IP_MULTICAST_ALL = 49;
    internal const int IPV6_V6ONLY = 26;
    internal const int IPV6_MULTICAST_ALL = 29;
    internal const int IPV6_RECVPKTINFO = 49;
    internal const int IPV6_PKTINFO = 50;
    internal const int IPV6_FREEBIND = 78;

    internal const int MCAST_JOIN_GROUP = 42;
    internal const int MCAST_LEAVE_GROUP = 45;

    internal const int UDP_SEGMENT = 103;
    internal const int UDP_GRO = 104;

    internal const int TCP_NODELAY = 1;
    internal const int TCP_CORK = 3;
    internal const int TCP_KEEPIDLE = 4;
    internal const int TCP_KEEPINTVL = 5;
    internal const int TCP_KEEPCNT = 6;
    internal const int TCP_DEFER_ACCEPT = 9;
    internal const int TCP_INFO = 11;
    internal const int TCP_QUICKACK = 12;
    internal const int TCP_USER_TIMEOUT = 18;
    internal const int TCP_FASTOPEN = 23;
    internal const int TCP_FASTOPEN_CONNECT = 30;

    internal const int MSG_PEEK = 0x2;
    internal const int MSG_TRUNC = 0x20;
    internal const int MSG_DONTWAIT = 0x40;
    internal const int MSG_WAITALL = 0x100;
    internal const int MSG_NOSIGNAL = 0x4000;
    internal const int MSG_MORE = 0x8000;
    internal const int MSG_ZEROCOPY = 0x4000000;

    internal const int SHUT_RD = 0;
    internal const int SHUT_WR = 1;
    internal const int SHUT_RDWR = 2;
}
