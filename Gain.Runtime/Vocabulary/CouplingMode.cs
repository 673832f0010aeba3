namespace Gain;

/// <summary>How bytes get from one connection of a pair to the other: see <c>Connection.Couple</c>.</summary>
public enum CouplingMode
{
    /// <summary>
    /// Gain copies them, from what it has received to what it sends: for everything but long streams.
    /// </summary>
    Copy = 0,

    /// <summary>
    /// The kernel moves them from socket to socket, by splice(2), in a direction that streams: from the
    /// moment that 64 KiB have come in full receive buffers, until it comes in small pieces again. It takes
    /// about half of the CPU time for long streams; where it does not stream nothing differs. Each direction
    /// whose reader is slow has a pipe meanwhile, which is two descriptors and at most 256 KiB of the
    /// kernel's memory: <c>GainOptions.Buffers.MaxSplicePipes</c> bounds them. Connections with TLS or
    /// another layer are copied all the same.
    /// </summary>
    Splice = 1,
}
