namespace Gain;

/// <summary>A violation of the declared framing, given to <c>OnProtocolError</c>.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="MaxFrameLength">The limit that the protocol declares, in bytes.</param>
public readonly record struct ProtocolError(ProtocolErrorKind Kind, int MaxFrameLength);
