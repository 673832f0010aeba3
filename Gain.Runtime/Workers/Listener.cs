using Gain.Net;

namespace Gain.Workers;

/// <summary>A worker's socket at one of the server's addresses, which it owns, and the state of it.</summary>
internal struct Listener(int fd, bool isDatagram, bool isShared = false)
{
    public int Fd = fd;

    /// <summary>Datagrams arrive on it, and not connections.</summary>
    public readonly bool IsDatagram = isDatagram;

    /// <summary>The other workers have descriptors of the same socket.</summary>
    public readonly bool IsShared = isShared;

    /// <summary>What its connections have to be given; null for nothing.</summary>
    public AcceptedSocketOptions? Adjustments;

    /// <summary>The accept, or receive, is in flight.</summary>
    public bool IsArmed;

    /// <summary>Which of the server's addresses it is for.</summary>
    public byte Address;
}
