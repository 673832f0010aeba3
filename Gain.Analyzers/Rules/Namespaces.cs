using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Rules;

/// <summary>The names of namespaces, without the cost of what displays symbols.</summary>
internal static class Namespaces
{
    /// <summary>The whole name of the namespace that a type is in; empty for the global one.</summary>
    public static string Of(INamedTypeSymbol type) => NameOf(type.ContainingNamespace);

    private static string NameOf(INamespaceSymbol? space)
    {
        if (space is null or { IsGlobalNamespace: true })
        {
            return "";
        }

        string outer = NameOf(space.ContainingNamespace);
        return outer.Length == 0 ? space.Name : $"{outer}.{space.Name}";
    }
}
