using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>A call in a body.</summary>
/// <param name="target">The method as the compiler bound it, in terms of the caller's type
/// parameters.</param>
/// <param name="receiver">The static type of what it is called on; null for a static method.</param>
/// <param name="isVirtual">Whether the method that runs is found by the receiver's type.</param>
/// <param name="isExempt">
/// Whether its allocations do not count: it lies on a path that ends in a throw, or has none by its
/// arguments.
/// </param>
/// <param name="location">Where it stands.</param>
/// <param name="holder">Of a delegate's call, the field or property that holds the delegate.</param>
internal sealed class Call(
    IMethodSymbol target,
    ITypeSymbol? receiver,
    bool isVirtual,
    bool isExempt,
    Location location,
    ISymbol? holder = null)
{
    public ISymbol? Holder { get; } = holder;

    /// <summary>Whether it waits for no time at all, where its method may.</summary>
    public bool IsAtOnce { get; init; }

    /// <summary>The type that it is written as a member of, before conversions; null of others.</summary>
    public ITypeSymbol? Source { get; init; }

    /// <summary>An extension in scope that is its asynchronous form.</summary>
    public IMethodSymbol? Sibling { get; init; }

    /// <summary>Whether a stream or its like is among its arguments, and not all in memory.</summary>
    public bool TakesIo { get; init; }

    /// <summary>Whether what it returns is only kept, and nobody here enumerates it.</summary>
    public bool IsOnlyMade { get; init; }

    /// <summary>Whether its input can be seen to be valid.</summary>
    public bool IsValid { get; init; }

    /// <summary>Whether it is the <c>new</c> of the receiver, a type parameter.</summary>
    public bool Creates { get; init; }

    public IMethodSymbol Target { get; } = target;

    public ITypeSymbol? Receiver { get; } = receiver;

    public bool IsVirtual { get; } = isVirtual;

    public bool IsExempt { get; } = isExempt;

    public Location Location { get; } = location;
}
