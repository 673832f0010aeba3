using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[LengthPrefixed]</c>.</summary>
internal static class LengthPrefixedParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.LengthPrefixedAttribute";

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        if (AttributeArguments.Int(attribute, "Size", absent: 4) is not int size
            || size is not (1 or 2 or 3 or 4 or 8)
            || AttributeArguments.Int(attribute, "Offset", absent: 0) is not int offset
            || offset is < 0 or > FrameLimits.Offset
            || AttributeArguments.Int(attribute, "Adjustment", absent: 0) is not int adjustment
            || adjustment is < -FrameLimits.Adjustment or > FrameLimits.Adjustment
            || AttributeArguments.Int(attribute, "MaxFrameLength", absent: 0) is not int maxFrameLength
            || !FrameLimits.Allows(maxFrameLength, FrameLimits.LengthPrefixed(offset + size)))
        {
            return null;
        }

        bool includesHeader = AttributeArguments.Bool(attribute, "IncludesHeader", absent: false);
        var framing = new LengthPrefixedModel(
            size,
            AttributeArguments.Bool(attribute, "BigEndian", absent: true),
            offset,
            includesHeader ? adjustment - offset - size : adjustment,
            maxFrameLength,
            AttributeArguments.Bool(attribute, "Strip", absent: true));

        // A header that can announce no acceptable payload at all is a mistake.
        return framing.MostPayload < 0 || framing.LeastPayload > maxFrameLength ? null : framing;
    }
}
