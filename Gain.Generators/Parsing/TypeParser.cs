using System.Collections.Generic;
using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Generators.Parsing;

/// <summary>Finds out how to declare another part of a struct.</summary>
/// <remarks>
/// Names come from the declaration's text, so that an identifier is escaped in every part or in none.
/// </remarks>
internal static class TypeParser
{
    /// <summary>Whether another part of the struct, in another file, can implement an interface.</summary>
    public static bool IsExtensible(INamedTypeSymbol symbol, TypeDeclarationSyntax part) =>
        !symbol.IsRefLikeType
        && ChainOf(symbol).All(static type =>
            !type.IsFileLocal && type.TypeParameters.All(static one => one.Name.Length > 0))
        && ChainOf(part).All(static type =>
            type.Modifiers.Any(SyntaxKind.PartialKeyword) && type.Identifier.ValueText.Length > 0);

    /// <summary>The namespace as source text; empty for the global one.</summary>
    public static string NamespaceOf(INamedTypeSymbol symbol)
    {
        var names = new Stack<string>();
        INamespaceSymbol space = symbol.ContainingNamespace;
        for (; !space.IsGlobalNamespace; space = space.ContainingNamespace)
        {
            names.Push(Escape(space.Name));
        }

        return string.Join(".", names);
    }

    /// <summary>The types that a struct is nested in, outermost first.</summary>
    public static EquatableArray<TypeModel> ParentsOf(TypeDeclarationSyntax part) =>
        new(ChainOf(part).Skip(1).Reverse().Select(Parse));

    /// <summary>The head of one declaration.</summary>
    public static TypeModel Parse(TypeDeclarationSyntax type)
    {
        string keyword = type.Keyword.ValueText;
        if (type is RecordDeclarationSyntax { ClassOrStructKeyword.ValueText: { Length: > 0 } kind })
        {
            keyword = $"{keyword} {kind}";
        }

        return new TypeModel(keyword, type.Identifier.Text + TypeParametersOf(type));
    }

    /// <summary>A type parameter's name that hides none of those in scope, which is a warning.</summary>
    public static string UnusedTypeParameter(INamedTypeSymbol symbol, string name)
    {
        var used = new HashSet<string>(
            ChainOf(symbol).SelectMany(static type => type.TypeParameters).Select(static type => type.Name));
        string unused = name;
        while (used.Contains(unused))
        {
            unused += "_";
        }

        return unused;
    }

    /// <summary>Whether a struct can have a member of a name, and none around it would be hidden.</summary>
    public static bool IsUnused(INamedTypeSymbol symbol, string name) =>
        ChainOf(symbol).All(type =>
            type.Name != name
            && type.TypeParameters.All(parameter => parameter.Name != name)
            && type.InstanceConstructors.All(one => one.Parameters.All(parameter => parameter.Name != name))
            && type.GetMembers(name).IsEmpty);

    // Constraints and attributes need no repetition in another part; variance does.
    private static string TypeParametersOf(TypeDeclarationSyntax type)
    {
        if (type.TypeParameterList is not { } list)
        {
            return "";
        }

        IEnumerable<string> names = list.Parameters.Select(static parameter =>
            parameter.VarianceKeyword.IsKind(SyntaxKind.None)
                ? parameter.Identifier.Text
                : $"{parameter.VarianceKeyword.Text} {parameter.Identifier.Text}");
        return $"<{string.Join(", ", names)}>";
    }

    private static IEnumerable<TypeDeclarationSyntax> ChainOf(TypeDeclarationSyntax part)
    {
        TypeDeclarationSyntax? type = part;
        for (; type is not null; type = type.Parent as TypeDeclarationSyntax)
        {
            yield return type;
        }
    }

    private static IEnumerable<INamedTypeSymbol> ChainOf(INamedTypeSymbol symbol)
    {
        for (INamedTypeSymbol? type = symbol; type is not null; type = type.ContainingType)
        {
            yield return type;
        }
    }

    private static string Escape(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None
        && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None
            ? name
            : "@" + name;
}
