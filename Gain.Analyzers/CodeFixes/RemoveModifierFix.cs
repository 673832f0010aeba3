using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Takes <c>ref</c> and <c>file</c> from a handler and the types around it (GAIN0003).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveModifierFix))]
[Shared]
public sealed class RemoveModifierFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [HandlerScopeAnalyzer.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var handler = await FixTarget.FindAsync<TypeDeclarationSyntax>(context).ConfigureAwait(false);
        if (handler is not null)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Make the handler an ordinary struct",
                    cancellation => Fix(context.Document, handler, cancellation),
                    nameof(RemoveModifierFix)),
                context.Diagnostics);
        }
    }

    private static async Task<Document> Fix(
        Document document,
        TypeDeclarationSyntax handler,
        CancellationToken cancellation)
    {
        DocumentEditor editor =
            await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        foreach (TypeDeclarationSyntax type in handler.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
        {
            // The innermost first: an editor sees what was changed inside a node that it changes.
            editor.ReplaceNode(type, static (now, _) => ModifierRemover.Remove(
                (TypeDeclarationSyntax)now, SyntaxKind.RefKeyword, SyntaxKind.FileKeyword));
        }

        return editor.GetChangedDocument();
    }
}
