namespace Gain.Workers;

/// <summary>A worker's listening socket, which it owns, and the state of its accept.</summary>
internal struct Listener(int fd)
{
    public int Fd = fd;

    /// <summary>The multishot accept is in flight.</summary>
    public bool IsArmed;
}
