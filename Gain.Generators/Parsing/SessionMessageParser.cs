using System.Linq;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds the type of the messages that a session awaits.</summary>
internal static class SessionMessageParser
{
    /// <summary>The attribute's name, by which a reader finds it.</summary>
    public const string AttributeName = "SessionMessageAttribute";

    /// <summary>The type as source text; null where none is declared that can be one.</summary>
    public static string? Parse(INamedTypeSymbol symbol) =>
        TypeOf(symbol) is { } type && MessageParser.CanBeMessage(type)
            ? type.ToDisplayString(PerWorkerParser.Format)
            : null;

    /// <summary>The type that is declared; null for none.</summary>
    public static ITypeSymbol? TypeOf(INamedTypeSymbol symbol) =>
        Find(symbol)?.AttributeClass?.TypeArguments[0];

    /// <summary>The attribute; null where there is none.</summary>
    public static AttributeData? Find(INamedTypeSymbol symbol) => symbol.GetAttributes().FirstOrDefault(
        static attribute => attribute.AttributeClass is
        {
            Name: AttributeName,
            Arity: 1,
            ContainingNamespace: { Name: "Gain", ContainingNamespace.IsGlobalNamespace: true },
        });
}
