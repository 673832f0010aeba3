namespace Gain;

/// <summary>A violation of the declared framing, given to <c>OnProtocolError</c>.</summary>
public readonly record struct ProtocolError
{
    /// <summary>What was wrong.</summary>
    public ProtocolErrorKind Kind { get; init; }

    /// <summary>The limit that the protocol declares, in bytes.</summary>
    public int MaxFrameLength { get; init; }
}
