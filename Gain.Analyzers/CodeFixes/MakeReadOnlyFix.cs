using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Makes an async method of a handler readonly (GAIN0012).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeReadOnlyFix))]
[Shared]
public sealed class MakeReadOnlyFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AsyncCopyAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var method = await FixTarget.FindAsync<MethodDeclarationSyntax>(context).ConfigureAwait(false);
        if (method is not null)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Make it readonly, so that it cannot write",
                    cancellation => Fix(context.Document, method, cancellation),
                    nameof(MakeReadOnlyFix)),
                context.Diagnostics);
        }
    }

    private static async Task<Document> Fix(
        Document document,
        MethodDeclarationSyntax method,
        CancellationToken cancellation)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        int place = method.Modifiers.IndexOf(SyntaxKind.AsyncKeyword);
        SyntaxToken marked = method.Modifiers[place];
        SyntaxToken added = SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword)
            .WithLeadingTrivia(marked.LeadingTrivia)
            .WithTrailingTrivia(SyntaxFactory.Space);
        SyntaxTokenList modifiers = method.Modifiers
            .Replace(marked, marked.WithLeadingTrivia())
            .Insert(place, added);
        return document.WithSyntaxRoot(root!.ReplaceNode(method, method.WithModifiers(modifiers)));
    }
}
