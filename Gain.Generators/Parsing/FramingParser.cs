using System;
using System.Collections.Immutable;
using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds a struct's framing.</summary>
internal static class FramingParser
{
    private static readonly ImmutableArray<(string Name, Func<AttributeData, FramingModel?> Parse)> s_kinds =
    [
        (DelimitedParser.AttributeName, DelimitedParser.Parse),
        (LengthPrefixedParser.AttributeName, LengthPrefixedParser.Parse),
        (FixedSizeParser.AttributeName, FixedSizeParser.Parse),
        (VarintPrefixedParser.AttributeName, VarintPrefixedParser.Parse),
    ];

    /// <summary>Whether an attribute declares a framing, valid or not.</summary>
    public static bool IsFraming(AttributeData attribute) =>
        s_kinds.Any(kind => kind.Name == attribute.AttributeClass?.ToDisplayString());

    /// <summary>
    /// The framing, or null where there is none, an invalid one, or more than one kind: choosing among them
    /// would be a guess at what the peer sends.
    /// </summary>
    public static FramingModel? Parse(INamedTypeSymbol symbol)
    {
        FramingModel?[] framings =
        [
            .. from kind in s_kinds
               let attribute = AttributeFinder.Find(symbol, kind.Name)
               where attribute is not null
               select kind.Parse(attribute),
        ];
        return framings.Length == 1 ? framings[0] : null;
    }
}
