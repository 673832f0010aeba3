using System;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>How lent memory comes into a method.</summary>
/// <param name="ordinal">The parameter's; <see cref="Receiver"/>, or <see cref="Call"/>.</param>
/// <param name="isPlace">
/// Whether what is passed by reference is a place in the memory, rather than a variable that holds an
/// address.
/// </param>
/// <param name="call">The call or property that lends the memory, of <see cref="Call"/>.</param>
internal readonly struct LentSource(int ordinal, bool isPlace, SyntaxNode? call = null)
    : IEquatable<LentSource>
{
    /// <summary>The ordinal of the instance that the method is called on.</summary>
    public const int Receiver = -1;

    /// <summary>The ordinal of what a call, or a property, in the method returns.</summary>
    public const int Call = -2;

    public int Ordinal { get; } = ordinal;

    public bool IsPlace { get; } = isPlace;

    public SyntaxNode? Syntax { get; } = call;

    public bool Equals(LentSource other) =>
        Ordinal == other.Ordinal && IsPlace == other.IsPlace && Syntax == other.Syntax;

    public override bool Equals(object? obj) => obj is LentSource other && Equals(other);

    public override int GetHashCode() =>
        (Ordinal * 397) ^ (IsPlace ? 1 : 0) ^ (Syntax?.GetHashCode() ?? 0);
}
