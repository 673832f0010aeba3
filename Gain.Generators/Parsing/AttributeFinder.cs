using System.Linq;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds an attribute on any part of a type.</summary>
internal static class AttributeFinder
{
    /// <summary>The first one of that full name.</summary>
    public static AttributeData? Find(INamedTypeSymbol symbol, string name) =>
        symbol.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.ToDisplayString() == name);
}
