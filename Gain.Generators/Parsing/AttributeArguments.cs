using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Reads the named arguments of an attribute.</summary>
internal static class AttributeArguments
{
    /// <summary>A number; null where the argument is an error, which the compiler reports.</summary>
    public static int? Int(AttributeData attribute, string name, int absent) =>
        Find(attribute, name) is { Key: not null } argument ? argument.Value.Value as int? : absent;

    /// <summary>A choice; what is assumed of an absent one is assumed of an error too.</summary>
    public static bool Bool(AttributeData attribute, string name, bool absent) =>
        Find(attribute, name).Value.Value as bool? ?? absent;

    private static KeyValuePair<string, TypedConstant> Find(AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name);
}
