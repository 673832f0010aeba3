using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Usage;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Finds out which of the parameters that a callback is offered another one stands for.</summary>
internal static class ParameterMatch
{
    private const string Bytes = "global::System.ReadOnlySpan<byte>";
    private const string Connection = "global::Gain.Connection";

    // Types whose like is offered as something else.
    private static readonly ImmutableDictionary<string, string> s_likes =
        new Dictionary<string, string>
        {
            ["byte[]"] = Bytes,
            ["string"] = Bytes,
            ["char[]"] = Bytes,
            ["System.Span"] = Bytes,
            ["System.ReadOnlySpan"] = Bytes,
            ["System.Memory"] = Bytes,
            ["System.ReadOnlyMemory"] = Bytes,
            ["System.ArraySegment"] = Bytes,
            ["System.Buffers.ReadOnlySequence"] = Bytes,
            ["System.IO.Stream"] = Connection,
            ["System.Net.Sockets.NetworkStream"] = Connection,
            ["System.Net.Sockets.Socket"] = Connection,
            ["System.Net.Sockets.TcpClient"] = Connection,
            ["Gain.ConnectionHandle"] = Connection,
        }.ToImmutableDictionary();

    /// <summary>The offered parameter of the same type, or of one that it is like.</summary>
    public static ParameterSpec? Find(IParameterSymbol parameter, IReadOnlyList<ParameterSpec> offered) =>
        offered.FirstOrDefault(one => CallbackSignature.IsOf(parameter, one))
        ?? offered.FirstOrDefault(one => one.Type == LikeOf(parameter.Type));

    /// <summary>Whether a type is a whole number.</summary>
    public static bool IsInteger(ITypeSymbol type) => type.SpecialType
        is >= SpecialType.System_SByte and <= SpecialType.System_UInt64
        or SpecialType.System_IntPtr
        or SpecialType.System_UIntPtr;

    private static string? LikeOf(ITypeSymbol type)
    {
        if (IsInteger(type))
        {
            return "int";
        }

        string name = type is INamedTypeSymbol { IsGenericType: true } generic
            ? $"{generic.ContainingNamespace}.{generic.Name}"
            : type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString();
        return s_likes.TryGetValue(name, out string? like) ? like : null;
    }
}
