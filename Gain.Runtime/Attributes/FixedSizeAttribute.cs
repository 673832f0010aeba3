namespace Gain;

/// <summary>
/// Declares that every message has the same size. The generator emits the parser, and <c>OnFrame</c>
/// receives whole messages, in place in the receive buffer when a message lies in a single receive.
/// </summary>
/// <param name="size">The size of each message in bytes; 1 to 1,073,741,824.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
public sealed class FixedSizeAttribute(int size) : Attribute
{
    /// <summary>The size of each message in bytes.</summary>
    public int Size { get; } = size;
}
