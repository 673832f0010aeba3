using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.HotPath;

/// <summary>The methods that a worker calls.</summary>
internal static class Callbacks
{
    /// <summary>
    /// The callbacks of every connection. <c>OnStart</c> is none of them: it runs once, before there is a
    /// connection, and may prepare what the others use.
    /// </summary>
    public static readonly ImmutableArray<string> Hot =
    [
        "OnAccept", "OnConnect", "OnRead", "OnFrame", "OnDatagram", "OnWrite", "OnDrained", "OnReadClosed",
        "OnTimer", "OnMessage", "OnProtocolError", "OnClose",
    ];

    public static bool IsHot(IMethodSymbol method, WellKnownTypes types) =>
        method is { MethodKind: MethodKind.Ordinary, ContainingType: { TypeKind: TypeKind.Struct } type }
        && Hot.Contains(method.Name)
        && WellKnownTypes.Find(type, types.GainProtocol) is not null;
}
