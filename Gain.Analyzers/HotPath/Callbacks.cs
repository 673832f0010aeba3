using System;
using System.Linq;
using Gain.Analyzers.Usage;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The methods that a worker calls.</summary>
internal static class Callbacks
{
    /// <summary>
    /// Whether a worker calls a method for connections: a callback, the parser of a framing of one's own, or
    /// a balancer's choice; and what a session calls that waits. <c>OnStart</c> is not one of them: it runs
    /// once, before there is a connection, and may prepare what the others use.
    /// </summary>
    public static bool IsHot(IMethodSymbol method, WellKnownTypes types) =>
        method is { MethodKind: MethodKind.Ordinary, ContainingType: { TypeKind: TypeKind.Struct } type }
        && IsNamedAsOne(method)
        && types.GainProtocol is { } attribute
        && Handler.IsOne(type, attribute)
        || IsPart(method, types)
        || IsBalancers(method, types);

    /// <summary>Whether a method is a part of a session: it answers for itself, as a callback does.</summary>
    public static bool IsPart(IMethodSymbol method, WellKnownTypes types) =>
        method is { MethodKind: MethodKind.Ordinary, IsAbstract: false, IsExtern: false }
        && types.IsPart(method.ReturnType);

    private static bool IsNamedAsOne(IMethodSymbol method) =>
        method.Name.StartsWith("On", StringComparison.Ordinal)
            ? Handler.SpecOf(method) is { Kind: not CallbackKind.Start }
            : method.Name == CustomFramingParser.MethodName;

    private static bool IsBalancers(IMethodSymbol method, WellKnownTypes types)
    {
        if (types.Balancer is not { } balancer || method.ContainingType is not { } type
            || method.IsAbstract || !type.AllInterfaces.Contains(balancer, SymbolEqualityComparer.Default))
        {
            return false;
        }

        foreach (ISymbol member in balancer.GetMembers())
        {
            if (SymbolEqualityComparer.Default.Equals(
                type.FindImplementationForInterfaceMember(member), method))
            {
                return true;
            }
        }

        return false;
    }
}
