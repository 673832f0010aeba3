namespace Gain;

/// <summary>
/// Declares that each message begins with its length. The generator emits the parser, and <c>OnFrame</c>
/// receives whole payloads, in place in the receive buffer when a frame lies in a single receive.
/// </summary>
/// <remarks>
/// The header is <see cref="Offset"/> bytes of any meaning, then the length field of <see cref="Size"/>
/// bytes. A field of 1, 2 or 3 bytes is unsigned; one of 4 or 8 bytes is signed. A negative value, or one
/// that gives the payload a negative length, closes the connection with <see
/// cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c>. The length is checked before any of the
/// payload is kept, so a hostile length costs no memory.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class LengthPrefixedAttribute : Attribute
{
    /// <summary>The length field's bytes: 1, 2, 3, 4 or 8. Default: 4.</summary>
    public int Size { get; set; } = 4;

    /// <summary>
    /// Whether the field's most significant byte comes first. Default: <see langword="true"/>.
    /// </summary>
    public bool BigEndian { get; set; } = true;

    /// <summary>
    /// The bytes of the header in front of the length field, as a message's type; 0 to 64. Default: 0.
    /// <c>OnFrame</c> gets them where <see cref="Strip"/> is <see langword="false"/>, and <c>SendFrame</c>
    /// and <c>BeginFrame</c> take them as a second argument; without it they are sent as zeros.
    /// </summary>
    public int Offset { get; set; }

    /// <summary>
    /// A number that is added to the field's value. The sum counts the bytes after the header, or all bytes
    /// of the frame when <see cref="IncludesHeader"/> is set. -1,073,741,823 to 1,073,741,823. Default: 0.
    /// </summary>
    public int Adjustment { get; set; }

    /// <summary>
    /// Whether the length counts the header too. Default: <see langword="false"/>.
    /// </summary>
    public bool IncludesHeader { get; set; }

    /// <summary>
    /// Whether <c>OnFrame</c> gets the payload without the header. Default: <see langword="true"/>. When
    /// false, <see cref="Offset"/> bytes and then the length field stand in front of the payload.
    /// </summary>
    public bool Strip { get; set; } = true;

    /// <summary>
    /// The longest payload accepted, in bytes; 1 to 1,073,741,824 less the header. Mandatory, because the
    /// peer chooses the length: a longer one closes the connection with
    /// <see cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c>.
    /// </summary>
    public int MaxFrameLength { get; set; }
}
