using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[VarintPrefixed]</c>.</summary>
internal static class VarintPrefixedParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.VarintPrefixedAttribute";

    // With its prefix, the most that a connection can carry from one receive to the next: 2³⁰ bytes.
    private const int MaxMaxFrameLength = 1_073_741_819;

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        // There is no argument where the compiler found no constructor.
        TypedConstant argument = attribute.ConstructorArguments.FirstOrDefault();
        bool isValid = argument.Kind == TypedConstantKind.Primitive
            && argument.Value is >= 1 and <= MaxMaxFrameLength;
        return isValid ? new VarintPrefixedModel((int)argument.Value!) : null;
    }
}
