namespace Gain;

/// <summary>
/// Declares that each message begins with its length as a varint, as delimited protobuf messages do: base
/// 128, least significant group first, the high bit set on all bytes but the last. The generator emits the
/// parser, and <c>OnFrame</c> receives whole payloads, in place in the receive buffer when a frame lies in a
/// single receive.
/// </summary>
/// <param name="maxFrameLength">
/// The longest payload accepted, in bytes; 1 to 1,073,741,819. Mandatory, because the peer chooses the
/// length.
/// </param>
/// <remarks>
/// A length above 2³¹ - 1, or one that has more bytes than it needs, closes the connection with
/// <see cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c>; so does a payload that is too long.
/// The length is checked before any of the payload is kept, so a hostile length costs no memory.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class VarintPrefixedAttribute(int maxFrameLength) : Attribute
{
    /// <summary>The longest payload accepted, in bytes.</summary>
    public int MaxFrameLength { get; } = maxFrameLength;
}
