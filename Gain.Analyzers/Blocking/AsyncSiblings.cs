using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>The asynchronous forms of methods that may block.</summary>
internal static class AsyncSiblings
{
    /// <summary>
    /// The one in the method's type, in what that derives from or implements, or null; that of an extension
    /// lies in its class.
    /// </summary>
    public static IMethodSymbol? Of(IMethodSymbol method)
    {
        if (method.MethodKind is not (MethodKind.Ordinary or MethodKind.ReducedExtension)
            || IsAsynchronous(method))
        {
            return null;
        }

        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (Find(type, method.Name) is { } sibling)
            {
                return sibling;
            }
        }

        foreach (INamedTypeSymbol contract in method.ContainingType.AllInterfaces)
        {
            if (Find(contract, method.Name) is { } sibling)
            {
                return sibling;
            }
        }

        return null;
    }

    /// <summary>An extension that is in scope where the call stands, or null.</summary>
    public static IMethodSymbol? InScope(SemanticModel? model, int position, ITypeSymbol type, string name)
    {
        if (model is null || type is not INamespaceOrTypeSymbol container)
        {
            return null;
        }

        foreach (ISymbol found in model.LookupSymbols(
            position, container, name + "Async", includeReducedExtensionMethods: true))
        {
            if (found is IMethodSymbol { IsExtensionMethod: true } extension && IsAsynchronous(extension))
            {
                return extension;
            }
        }

        return null;
    }

    /// <summary>Whether what a method returns is waited for.</summary>
    public static bool IsAsynchronous(IMethodSymbol method) =>
        method.ReturnType is { Name: "Task" or "ValueTask" or "IAsyncEnumerable" };

    // An older one may have the shorter name, with another meaning.
    private static IMethodSymbol? Find(INamedTypeSymbol type, string name) =>
        FindNamed(type, name + "Async") ?? FindNamed(type, name + "TaskAsync");

    private static IMethodSymbol? FindNamed(INamedTypeSymbol type, string name)
    {
        foreach (ISymbol member in type.GetMembers(name))
        {
            if (member is IMethodSymbol { DeclaredAccessibility: Accessibility.Public } sibling
                && IsAsynchronous(sibling))
            {
                return sibling;
            }
        }

        return null;
    }
}
