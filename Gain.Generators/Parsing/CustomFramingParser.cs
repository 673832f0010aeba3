using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[CustomFraming]</c>, and finds the parser that goes with it.</summary>
internal static class CustomFramingParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.CustomFramingAttribute";

    /// <summary>The name of the user's method.</summary>
    public const string MethodName = "TryReadFrame";

    private const string ByteSpan = "global::System.ReadOnlySpan<byte>";

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute, INamedTypeSymbol symbol)
    {
        int? maxFrameLength = AttributeArguments.Int(attribute, "MaxFrameLength", absent: 0);
        return FrameLimits.Allows(maxFrameLength, FrameLimits.Custom)
            && symbol.GetMembers(MethodName).OfType<IMethodSymbol>().Count(IsParser) == 1
            ? new CustomFramingModel(maxFrameLength!.Value)
            : null;
    }

    private static bool IsParser(IMethodSymbol method) =>
        method is
        {
            MethodKind: MethodKind.Ordinary,
            IsStatic: true,
            IsGenericMethod: false,
            IsVararg: false,
            ReturnType.SpecialType: SpecialType.System_Boolean,
            RefKind: RefKind.None,
            Parameters.Length: 2,
        }
        && IsByteSpan(method.Parameters[0], RefKind.Ref)
        && IsByteSpan(method.Parameters[1], RefKind.Out);

    private static bool IsByteSpan(IParameterSymbol parameter, RefKind kind) =>
        parameter.RefKind == kind
        && parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == ByteSpan;
}
