namespace Gain.Tests.Connections.Interleavings;

/// <summary>What a thread of a model does next.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Variable">The variable of the memory that it is done to.</param>
/// <param name="Value">What is stored, or the step that a jump leads to.</param>
internal readonly record struct Step(StepKind Kind, int Variable = 0, int Value = 0)
{
    /// <summary>Into the thread's store buffer.</summary>
    public static Step Store(int variable, int value) => new(StepKind.Store, variable, value);

    /// <summary>From the thread's own buffer, or else from memory.</summary>
    public static Step Load(int variable) => new(StepKind.Load, variable);

    /// <summary>A store and a load at once, with an empty store buffer, as a locked instruction.</summary>
    public static Step Exchange(int variable, int value) => new(StepKind.Exchange, variable, value);

    /// <summary>Waits until the store buffer is empty.</summary>
    public static Step Fence() => new(StepKind.Fence);

    /// <summary>Jumps if what was loaded last is 0.</summary>
    public static Step IfZero(int step) => new(StepKind.IfZero, Value: step);

    /// <summary>Jumps.</summary>
    public static Step Jump(int step) => new(StepKind.Jump, Value: step);

    /// <summary>Sleeps until a variable is not 0, and sets it to 0.</summary>
    public static Step Sleep(int variable) => new(StepKind.Sleep, variable);
}
