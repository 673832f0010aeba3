namespace Gain;

/// <summary>Ports from one to another.</summary>
/// <param name="First">The lowest.</param>
/// <param name="Last">The highest.</param>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>The range as sysctl writes it, with a hyphen: <c>40000-40999</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => $"{First}-{Last}";
}
