using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.Usage;

/// <summary>Puts into words what the framing attributes allow.</summary>
internal static class FramingRequirement
{
    private const string MaxFrameLength = "MaxFrameLength";

    private static readonly ImmutableArray<(string Attribute, string Text)> s_kinds =
    [
        (
            DelimitedParser.AttributeName,
            "the delimiter has 1 to 32 bytes, and MaxFrameLength is 1 to 1,073,741,823"),
        (
            LengthPrefixedParser.AttributeName,
            "Size is 1, 2, 3, 4 or 8, Offset 0 to 64, Adjustment at most 1,073,741,823 either way, "
            + "MaxFrameLength 1 to 1,073,741,824 less the header, and some length must give a payload "
            + "from 0 to MaxFrameLength"),
        (FixedSizeParser.AttributeName, "the size is 1 to 1,073,741,824"),
        (VarintPrefixedParser.AttributeName, "the maximum length of a frame is 1 to 1,073,741,819"),
        (
            CustomFramingParser.AttributeName,
            "MaxFrameLength is 1 to 1,073,741,823, and the handler has one method 'static bool "
            + "TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)'"),
    ];

    /// <summary>The attributes as they are written.</summary>
    public static IEnumerable<string> Attributes =>
        s_kinds.Select(static kind => $"[{ShortNameOf(kind.Attribute)}]");

    /// <summary>What an attribute that is invalid should be.</summary>
    public static string Of(AttributeData attribute)
    {
        string name = attribute.AttributeClass!.ToDisplayString();
        bool hasLimit = attribute.NamedArguments.Any(static one => one.Key == MaxFrameLength);
        bool needsLimit = attribute.AttributeClass.GetMembers(MaxFrameLength)
            .OfType<IPropertySymbol>().Any(static property => property.SetMethod is not null);
        return needsLimit && !hasLimit
            ? "MaxFrameLength is mandatory, because the peer chooses the length"
            : s_kinds.First(kind => kind.Attribute == name).Text;
    }

    /// <summary>Whether an argument is an error, or the constructor or a property was not found.</summary>
    public static bool HasCompilersError(AttributeData attribute, CancellationToken cancellation) =>
        attribute.AttributeConstructor is null
        || attribute.NamedArguments.Length != NamedArgumentsWritten(attribute, cancellation)
        || attribute.ConstructorArguments.Any(IsError)
        || attribute.NamedArguments.Any(static one => IsError(one.Value));

    private static int NamedArgumentsWritten(AttributeData attribute, CancellationToken cancellation) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellation) is AttributeSyntax syntax
            ? syntax.ArgumentList?.Arguments.Count(static one => one.NameEquals is not null) ?? 0
            : attribute.NamedArguments.Length;

    private static bool IsError(TypedConstant argument) =>
        argument.Kind == TypedConstantKind.Error
        || (argument.Kind == TypedConstantKind.Array && !argument.IsNull && argument.Values.Any(IsError));

    private static string ShortNameOf(string attribute)
    {
        string name = attribute.Substring(attribute.LastIndexOf('.') + 1);
        return name.Substring(0, name.Length - "Attribute".Length);
    }
}
