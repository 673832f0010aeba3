namespace Gain;

/// <remarks>The end of one side.</remarks>
public readonly ref partial struct Connection
{
    /// <summary>
    /// Ends the side that writes: what was written goes out, then FIN, and reading goes on. When the peer has
    /// ended its side, before or after, the connection closes.
    /// </summary>
    /// <remarks>
    /// <see cref="Send"/> throws from now on, <see cref="TrySend"/> returns false, <see cref="IsClosing"/> is
    /// true, and what other threads have posted is dropped. Over TLS close_notify goes first. FIN waits for
    /// answers that are due, as <see cref="Close"/> does. A peer that neither sends nor ends its side is
    /// waited for as long as <see cref="TimeoutOptions.HalfClose"/> says.
    /// </remarks>
    [AllocationFree]
    public void ShutdownWrite() => Table.EndWrite(ref Living, CloseReason.Local);
}
