namespace Gain.Tests.Connections.Interleavings;

/// <summary>The kinds of steps.</summary>
internal enum StepKind
{
    Store,
    Load,
    Exchange,
    Fence,
    IfZero,
    Jump,
    Sleep,
}
