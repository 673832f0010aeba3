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
