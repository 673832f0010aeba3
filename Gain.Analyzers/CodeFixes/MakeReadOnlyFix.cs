using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Makes an async method of a handler readonly (GAIN0012).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeReadOnlyFix))]
[Shared]
public sealed class MakeReadOnlyFix()
    : DeclarationFix<MethodDeclarationSyntax>(
        AsyncCopyAnalyzer.Id, "Make it readonly, so that it cannot write")
{
    /// <inheritdoc/>
    protected override async Task<Solution> FixAsync(
        Document document,
        MethodDeclarationSyntax declaration,
        CancellationToken cancellation)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        int place = declaration.Modifiers.IndexOf(SyntaxKind.AsyncKeyword);
        SyntaxToken marked = declaration.Modifiers[place];
        SyntaxToken added = SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword)
            .WithLeadingTrivia(marked.LeadingTrivia)
            .WithTrailingTrivia(SyntaxFactory.Space);
        SyntaxTokenList modifiers = declaration.Modifiers
            .Replace(marked, marked.WithLeadingTrivia())
            .Insert(place, added);
        return document.WithSyntaxRoot(root!.ReplaceNode(declaration, declaration.WithModifiers(modifiers)))
            .Project.Solution;
    }
}
