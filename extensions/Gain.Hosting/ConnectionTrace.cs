namespace Gain.Hosting;

/// <summary>
/// The beginning of a connection, as <see cref="ConnectionTraces.Begin"/> saw it: a field of the handler. The
/// default value is that of a connection that is not traced.
/// </summary>
public readonly struct ConnectionTrace
{
    internal ConnectionTrace(long began, GainAddress peer)
    {
        Began = began;
        Peer = peer;
    }

    /// <summary>Ticks of UTC; 0 when it is not traced.</summary>
    internal long Began { get; }

    /// <summary>The client.</summary>
    internal GainAddress Peer { get; }
}
