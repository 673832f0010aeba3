using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The types that decide what allocates, as one compilation knows them.</summary>
internal sealed class WellKnownTypes(Compilation compilation)
{
    public INamedTypeSymbol? GainProtocol { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.GainProtocolAttribute);

    public INamedTypeSymbol? AllocationFree { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.AllocationFreeAttribute);

    public INamedTypeSymbol? AllowAllocation { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.AllowAllocationAttribute);

    public INamedTypeSymbol? Balancer { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.Balancer);

    public INamedTypeSymbol? Session { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.Session);

    public INamedTypeSymbol? SessionWait { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.SessionWait);

    public INamedTypeSymbol? Part { get; } = compilation.GetTypeByMetadataName(KnownTypeNames.Part);

    public INamedTypeSymbol? PartOfResult { get; } =
        compilation.GetTypeByMetadataName(KnownTypeNames.PartOfResult);

    public INamedTypeSymbol? Span { get; } = compilation.GetTypeByMetadataName("System.Span`1");

    public INamedTypeSymbol? ReadOnlySpan { get; } =
        compilation.GetTypeByMetadataName("System.ReadOnlySpan`1");

    public INamedTypeSymbol? Expression { get; } =
        compilation.GetTypeByMetadataName("System.Linq.Expressions.Expression`1");

    public INamedTypeSymbol? Disposable { get; } =
        compilation.GetTypeByMetadataName("System.IDisposable");

    public INamedTypeSymbol? AsyncDisposable { get; } =
        compilation.GetTypeByMetadataName("System.IAsyncDisposable");

    public INamedTypeSymbol? SpanFormattable { get; } =
        compilation.GetTypeByMetadataName("System.ISpanFormattable");

    public INamedTypeSymbol? Utf8SpanFormattable { get; } =
        compilation.GetTypeByMetadataName("System.IUtf8SpanFormattable");

    public INamedTypeSymbol? Comparable { get; } =
        compilation.GetTypeByMetadataName("System.IComparable`1");

    public INamedTypeSymbol? PlainComparable { get; } =
        compilation.GetTypeByMetadataName("System.IComparable");

    public INamedTypeSymbol? Equatable { get; } =
        compilation.GetTypeByMetadataName("System.IEquatable`1");

    public INamedTypeSymbol? DoesNotReturn { get; } =
        compilation.GetTypeByMetadataName("System.Diagnostics.CodeAnalysis.DoesNotReturnAttribute");

    public INamedTypeSymbol? Conditional { get; } =
        compilation.GetTypeByMetadataName("System.Diagnostics.ConditionalAttribute");

    public INamedTypeSymbol? AsyncMethodBuilder { get; } =
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.AsyncMethodBuilderAttribute");

    public INamedTypeSymbol? CompilerGenerated { get; } =
        compilation.GetTypeByMetadataName("System.Runtime.CompilerServices.CompilerGeneratedAttribute");

    public bool IsSpan(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Arity: 1 } named
        && (Same(named.OriginalDefinition, Span) || Same(named.OriginalDefinition, ReadOnlySpan));

    public bool IsReadOnlySpan(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Arity: 1 } named && Same(named.OriginalDefinition, ReadOnlySpan);

    /// <summary>Whether a method's state machine lies in a box of Gain's, which its worker has in a
    /// pool.</summary>
    public bool IsOfSession(IMethodSymbol method) => IsPart(method.ReturnType)
        || Same(method.ReturnType, Session);

    /// <summary>Whether it is what a method returns that a session calls, and that waits itself.</summary>
    public bool IsPart(ITypeSymbol? type) =>
        Same(type, Part) || Same(type?.OriginalDefinition, PartOfResult);

    /// <summary>Whether a session that awaits it stays on its worker.</summary>
    public bool IsWait(ITypeSymbol? type) => IsPart(type) || Same(type, SessionWait);

    /// <summary>The first of a member's attributes of a class.</summary>
    public static AttributeData? Find(ISymbol symbol, INamedTypeSymbol? attribute)
    {
        if (attribute is null)
        {
            return null;
        }

        foreach (AttributeData data in symbol.GetAttributes())
        {
            if (Same(data.AttributeClass, attribute))
            {
                return data;
            }
        }

        return null;
    }

    /// <summary>As <see cref="Find"/>; an accessor has its property's attributes too.</summary>
    public static AttributeData? FindOnMember(IMethodSymbol method, INamedTypeSymbol? attribute) =>
        Find(method, attribute)
        ?? (method.AssociatedSymbol is IPropertySymbol property ? Find(property, attribute) : null)
        ?? (method.PartialImplementationPart is { } part ? Find(part, attribute) : null);

    private static bool Same(ISymbol? left, ISymbol? right) =>
        left is not null && SymbolEqualityComparer.Default.Equals(left, right);
}
