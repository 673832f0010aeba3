namespace Gain;

/// <summary>
/// Declares that the struct itself tells messages apart, in a method
/// <c>static bool TryReadFrame(ref ReadOnlySpan&lt;byte&gt; buffer, out ReadOnlySpan&lt;byte&gt; frame)</c>.
/// <c>OnFrame</c> receives each message that it finds, in place in the receive buffer when the message lies
/// in a single receive.
/// </summary>
/// <remarks>
/// <para>
/// <c>buffer</c> begins with a message and holds at least a byte. When the whole message is there, the
/// method takes it off (<c>buffer = buffer[length..]</c>), sets <c>frame</c> to the bytes that <c>OnFrame</c>
/// gets, and returns true; a <c>true</c> that takes nothing off is a fault. When a part of the message is
/// missing, the method returns false; it is called again, from the message's beginning, when more has come.
/// When no further bytes could complete a message, it sets <c>buffer</c> to <c>default</c> and returns false:
/// the connection closes with <see cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c> with <see
/// cref="ProtocolErrorKind.Malformed"/>.
/// </para>
/// <para>
/// The answer must depend only on the message's own bytes: a message is found as soon as its last byte is
/// there, and is the same whatever follows. When a client sends one byte at a time, the method is called for
/// each byte, so keep <see cref="MaxFrameLength"/> small where the search is long.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class CustomFramingAttribute : Attribute
{
    /// <summary>
    /// The longest message accepted, in bytes, counting all bytes that <c>TryReadFrame</c> takes off for it;
    /// 1 to 1,073,741,823. Mandatory, because the peer chooses the length. A longer message, or this many
    /// bytes without a whole message, closes the connection with <see cref="CloseReason.ProtocolError"/>,
    /// after <c>OnProtocolError</c>.
    /// </summary>
    public int MaxFrameLength { get; set; }
}
