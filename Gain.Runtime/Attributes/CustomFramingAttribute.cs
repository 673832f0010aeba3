namespace Gain;

/// <summary>
/// Declares that the struct itself tells messages apart, in a method
/// <c>static bool TryReadFrame(ref ReadOnlySpan&lt;byte&gt; buffer, out ReadOnlySpan&lt;byte&gt; frame)</c>.
/// <c>OnFrame</c> receives what it finds, in place in the receive buffer wherever a message lies in a single
/// receive.
/// </summary>
/// <remarks>
/// <para>
/// <c>buffer</c> begins with a message and holds at least a byte. When the whole message is there, the
/// method takes it off (<c>buffer = buffer[length..]</c>), sets <c>frame</c> to what <c>OnFrame</c> is to
/// get, and returns true; a <c>true</c> that takes nothing off is a fault. When some of it is missing, it
/// returns false; it is called again, from the message's beginning, when more is there. When no bytes could
/// make a message of what is there, it sets <c>buffer</c> to <c>default</c> and returns false: the
/// connection closes with <see cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c> with
/// <see cref="ProtocolErrorKind.Malformed"/>.
/// </para>
/// <para>
/// The answer may depend on nothing but the message's own bytes: a message is found as soon as its last
/// byte is there, and is the same whatever follows. A client that sends one byte at a time has the method
/// called for each of them, so keep <see cref="MaxFrameLength"/> small where the search is long.
/// </para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class CustomFramingAttribute : Attribute
{
    /// <summary>
    /// The longest message accepted, in bytes, with all that <c>TryReadFrame</c> takes off for it; 1 to
    /// 1,073,741,823. Mandatory, because the peer chooses the length: so many bytes without a message in
    /// them, or a longer message, close the connection with <see cref="CloseReason.ProtocolError"/>, after
    /// <c>OnProtocolError</c>.
    /// </summary>
    public int MaxFrameLength { get; set; }
}
