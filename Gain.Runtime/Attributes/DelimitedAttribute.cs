namespace Gain;

/// <summary>
/// Declares that each message ends with a delimiter. The generator emits the parser, and <c>OnFrame</c>
/// receives whole messages, in place in the receive buffer when a message lies in a single receive.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class DelimitedAttribute : Attribute
{
    /// <summary>Declares a delimiter given as text.</summary>
    /// <param name="delimiter">The delimiter, encoded as UTF-8; 1 to 32 bytes, as in <c>"\r\n"</c>.</param>
    public DelimitedAttribute(string delimiter) => Delimiter = System.Text.Encoding.UTF8.GetBytes(delimiter);

    /// <summary>Declares a delimiter given as bytes.</summary>
    /// <param name="delimiter">The delimiter; 1 to 32 bytes.</param>
    public DelimitedAttribute(params byte[] delimiter) => Delimiter = delimiter;

    /// <summary>The delimiter's bytes.</summary>
    public IReadOnlyList<byte> Delimiter { get; }

    /// <summary>
    /// The longest message accepted, in bytes, without its delimiter; 1 to 1,073,741,823. Mandatory,
    /// because the peer chooses the length: a longer message closes the connection with
    /// <see cref="CloseReason.ProtocolError"/>, after <c>OnProtocolError</c>.
    /// </summary>
    public int MaxFrameLength { get; set; }

    /// <summary>
    /// Whether <c>OnFrame</c> gets the message without its delimiter. Default: <see langword="true"/>.
    /// </summary>
    public bool Strip { get; set; } = true;
}
