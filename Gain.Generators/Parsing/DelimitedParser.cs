using System.Collections.Generic;
using System.Linq;
using System.Text;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[Delimited]</c>.</summary>
internal static class DelimitedParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.DelimitedAttribute";

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        if (DelimiterOf(attribute) is not { Length: >= 1 and <= FrameLimits.Delimiter } delimiter
            || AttributeArguments.Int(attribute, "MaxFrameLength", absent: 0) is not int maxFrameLength
            || !FrameLimits.Allows(maxFrameLength, FrameLimits.Delimited))
        {
            return null;
        }

        bool strip = AttributeArguments.Bool(attribute, "Strip", absent: true);
        return new DelimitedModel(new EquatableArray<byte>(delimiter), maxFrameLength, strip);
    }

    private static byte[]? DelimiterOf(AttributeData attribute)
    {
        // There is none where the compiler found no constructor.
        TypedConstant argument = attribute.ConstructorArguments.FirstOrDefault();
        if (argument.IsNull)
        {
            return null;
        }

        if (argument.Kind != TypedConstantKind.Array)
        {
            return argument.Value is string text ? Encoding.UTF8.GetBytes(text) : null;
        }

        // An element that is an error has no value.
        IEnumerable<byte> bytes = argument.Values.Select(static element => element.Value).OfType<byte>();
        byte[] delimiter = bytes.ToArray();
        return delimiter.Length == argument.Values.Length ? delimiter : null;
    }
}
