using Gain.Kernel;

namespace Gain.Uring;

/// <summary>
/// The commands of sockets (<c>SOCKET_URING_OP_*</c>), see <see cref="SubmissionEntry.PrepCmdSock"/>.
/// </summary>
public enum SocketCommand : uint
{
    /// <summary>The bytes that can be received. Linux 6.7.</summary>
    InputQueue = SOCKET_URING_OP.SOCKET_URING_OP_SIOCINQ,

    /// <summary>The bytes that are not sent, or not acknowledged, yet. Linux 6.7.</summary>
    OutputQueue = SOCKET_URING_OP.SOCKET_URING_OP_SIOCOUTQ,

    /// <summary>getsockopt(2), of SOL_SOCKET. Linux 6.7.</summary>
    GetOption = SOCKET_URING_OP.SOCKET_URING_OP_GETSOCKOPT,

    /// <summary>setsockopt(2). Linux 6.7.</summary>
    SetOption = SOCKET_URING_OP.SOCKET_URING_OP_SETSOCKOPT,

    /// <summary>Time stamps of what was sent; needs 32-byte completions. Linux 6.16.</summary>
    TransmitTimestamp = SOCKET_URING_OP.SOCKET_URING_OP_TX_TIMESTAMP,

    /// <summary>See <see cref="SubmissionEntry.PrepCmdGetsockname"/>. Linux 6.19.</summary>
    GetSocketName = SOCKET_URING_OP.SOCKET_URING_OP_GETSOCKNAME,
}
