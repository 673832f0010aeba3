namespace Gain.Workers;

/// <summary>A worker's socket at one of the server's addresses, which it owns, and the state of it.</summary>
internal struct Listener(int fd, bool isDatagram)
{
    public int Fd = fd;

    /// <summary>Datagrams arrive on it, and not connections.</summary>
    public readonly bool IsDatagram = isDatagram;

    /// <summary>The multishot accept, or receive, is in flight.</summary>
    public bool IsArmed;
}
