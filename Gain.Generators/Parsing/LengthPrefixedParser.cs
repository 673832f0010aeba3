using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[LengthPrefixed]</c>.</summary>
internal static class LengthPrefixedParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.LengthPrefixedAttribute";

    // The limits that the attribute documents. With them the emitted arithmetic cannot overflow, except
    // where a field of 8 bytes is adjusted, and there it is checked.
    private const int MaxOffset = 64;
    private const int MaxAdjustment = 1_073_741_823;
    private const int MaxWholeLength = 1_073_741_824;

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        if (AttributeArguments.Int(attribute, "Size", absent: 4) is not int size
            || size is not (1 or 2 or 3 or 4 or 8)
            || AttributeArguments.Int(attribute, "Offset", absent: 0) is not int offset
            || offset is < 0 or > MaxOffset
            || AttributeArguments.Int(attribute, "Adjustment", absent: 0) is not int adjustment
            || adjustment is < -MaxAdjustment or > MaxAdjustment
            || AttributeArguments.Int(attribute, "MaxFrameLength", absent: 0) is not int maxFrameLength
            || maxFrameLength < 1
            || maxFrameLength > MaxWholeLength - offset - size)
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
