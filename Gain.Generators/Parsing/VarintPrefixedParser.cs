using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[VarintPrefixed]</c>.</summary>
internal static class VarintPrefixedParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.VarintPrefixedAttribute";

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        // There is no argument where the compiler found no constructor.
        TypedConstant argument = attribute.ConstructorArguments.FirstOrDefault();
        bool isValid = argument.Kind == TypedConstantKind.Primitive
            && FrameLimits.Allows(argument.Value, FrameLimits.VarintPrefixed);
        return isValid ? new VarintPrefixedModel((int)argument.Value!) : null;
    }
}
