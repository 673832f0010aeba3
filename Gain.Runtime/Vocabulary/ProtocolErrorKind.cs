namespace Gain;

/// <summary>How a peer broke the declared framing.</summary>
public enum ProtocolErrorKind : byte
{
    /// <summary>No violation: the value of a field that was never set. No callback gets it.</summary>
    None = 0,

    /// <summary>The message is, or must become, longer than <c>MaxFrameLength</c>.</summary>
    FrameTooLong = 1,

    /// <summary>The length field is negative, overflows, or is not a valid encoding.</summary>
    MalformedLength = 2,

    /// <summary><c>TryReadFrame</c> found bytes that no message can begin with.</summary>
    Malformed = 3,
}
