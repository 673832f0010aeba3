using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads a struct's <c>[FixedSize]</c>.</summary>
internal static class FixedSizeParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.FixedSizeAttribute";

    /// <summary>The framing, or null where it is invalid.</summary>
    public static FramingModel? Parse(AttributeData attribute)
    {
        // There is no argument where the compiler found no constructor.
        TypedConstant argument = attribute.ConstructorArguments.FirstOrDefault();
        bool isValid = argument.Kind == TypedConstantKind.Primitive
            && FrameLimits.Allows(argument.Value, FrameLimits.FixedSize);
        return isValid ? new FixedSizeModel((int)argument.Value!) : null;
    }
}
