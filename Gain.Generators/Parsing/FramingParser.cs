using System.Collections.Immutable;
using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds a struct's framing.</summary>
internal static class FramingParser
{
    private static readonly ImmutableArray<(string Name, Parser Parse)> s_kinds =
    [
        (DelimitedParser.AttributeName, static (attribute, _) => DelimitedParser.Parse(attribute)),
        (LengthPrefixedParser.AttributeName, static (attribute, _) => LengthPrefixedParser.Parse(attribute)),
        (FixedSizeParser.AttributeName, static (attribute, _) => FixedSizeParser.Parse(attribute)),
        (VarintPrefixedParser.AttributeName, static (attribute, _) => VarintPrefixedParser.Parse(attribute)),
        (CustomFramingParser.AttributeName, CustomFramingParser.Parse),
    ];

    private delegate FramingModel? Parser(AttributeData attribute, INamedTypeSymbol symbol);

    /// <summary>Whether an attribute declares a framing, valid or not.</summary>
    public static bool IsFraming(AttributeData attribute) =>
        s_kinds.Any(kind => kind.Name == attribute.AttributeClass?.ToDisplayString());

    /// <summary>
    /// The framing, or null where there is none. More than one kind is as good as an invalid one: choosing
    /// among them would be a guess at what the peer sends.
    /// </summary>
    public static FramingModel? Parse(INamedTypeSymbol symbol)
    {
        FramingModel?[] framings =
        [
            .. from kind in s_kinds
               let attribute = AttributeFinder.Find(symbol, kind.Name)
               where attribute is not null
               select kind.Parse(attribute, symbol),
        ];
        return framings.Length switch
        {
            0 => null,
            1 => framings[0] ?? new InvalidFramingModel(),
            _ => new InvalidFramingModel(),
        };
    }
}
