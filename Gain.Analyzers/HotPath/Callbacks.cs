using System;
using Gain.Analyzers.Usage;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The methods that a worker calls.</summary>
internal static class Callbacks
{
    /// <summary>
    /// Whether a method is a callback of every connection. <c>OnStart</c> is none of them: it runs once,
    /// before there is a connection, and may prepare what the others use.
    /// </summary>
    public static bool IsHot(IMethodSymbol method, WellKnownTypes types) =>
        method is { MethodKind: MethodKind.Ordinary, ContainingType: { TypeKind: TypeKind.Struct } type }
        && method.Name.StartsWith("On", StringComparison.Ordinal)
        && Handler.SpecOf(method) is { Kind: not CallbackKind.Start }
        && types.GainProtocol is { } attribute
        && Handler.IsOne(type, attribute);
}
