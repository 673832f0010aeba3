using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Takes modifiers away from declarations.</summary>
internal static class ModifierRemover
{
    /// <summary>The declaration without some modifiers, and with the comments in front of it.</summary>
    public static TypeDeclarationSyntax Remove(TypeDeclarationSyntax type, params SyntaxKind[] kinds)
    {
        SyntaxTriviaList leading = type.GetLeadingTrivia();
        SyntaxToken[] kept = [.. type.Modifiers.Where(modifier => !kinds.Contains(modifier.Kind()))];

        // Behind attributes, the first modifier begins a line, and what follows it must begin it then.
        SyntaxTriviaList first =
            type.Modifiers.Count > 0 ? type.Modifiers[0].LeadingTrivia : type.Keyword.LeadingTrivia;
        if (kept.Length > 0)
        {
            kept[0] = kept[0].WithLeadingTrivia(first);
        }
        else
        {
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia(first));
        }

        return type.WithModifiers(SyntaxFactory.TokenList(kept)).WithLeadingTrivia(leading);
    }
}
