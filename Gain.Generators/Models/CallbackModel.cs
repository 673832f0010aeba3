namespace Gain.Generators.Models;

/// <summary>A callback, and how to call it.</summary>
/// <param name="Kind">Which callback it is.</param>
/// <param name="IsStatic">Whether it is called without the handler.</param>
/// <param name="ReturnsCount">Whether it returns the number of bytes that it consumed.</param>
/// <param name="Arguments">The arguments that it wants, in its own order.</param>
internal sealed record CallbackModel(
    CallbackKind Kind,
    bool IsStatic,
    bool ReturnsCount,
    EquatableArray<ArgumentModel> Arguments)
{
    /// <summary>Whether the session's runtime is called instead of a method of the user's.</summary>
    public bool IsOfSession { get; init; }
}
