using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>What a connect that has succeeded may still be.</summary>
internal static class OutgoingConnect
{
    /// <summary>
    /// Whether a socket is connected to itself: a connect to a local port of the ephemeral range that nobody
    /// listens on may be given that very port, and TCP then connects both directions of one socket.
    /// </summary>
    /// <param name="fd">A connected socket.</param>
    /// <param name="isUnix">Whether it is a Unix socket, which has no ports.</param>
    // SAFETY: the variables live on the stack for the calls.
    internal static unsafe bool IsToItself(int fd, out bool isUnix)
    {
        sockaddr_storage local = default;
        uint length = (uint)sizeof(sockaddr_storage);
        isUnix = false;
        if (Libc.GetSockName(fd, &local, &length) != 0)
        {
            return false;
        }

        isUnix = local.ss_family == SocketAbi.AF_UNIX;
        return !isUnix
            && EndPointConversion.TryReadAddress(ref local, length, out GainAddress own)
            && SocketOptions.TryGetPeer(fd, out GainAddress peer)
            && peer == own;
    }
}
