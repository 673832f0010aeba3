using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Takes <c>ref</c> and <c>file</c> from a handler and the types around it (GAIN0003).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveModifierFix))]
[Shared]
public sealed class RemoveModifierFix()
    : DeclarationFix<TypeDeclarationSyntax>(HandlerScopeAnalyzer.Id, "Make the handler an ordinary struct")
{
    /// <inheritdoc/>
    protected override async Task<Solution> FixAsync(
        Document document,
        TypeDeclarationSyntax declaration,
        CancellationToken cancellation)
    {
        DocumentEditor editor =
            await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        foreach (TypeDeclarationSyntax type in declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
        {
            // The innermost first: an editor sees what was changed inside a node that it changes.
            editor.ReplaceNode(type, static (now, _) => ModifierRemover.Remove(
                (TypeDeclarationSyntax)now, SyntaxKind.RefKeyword, SyntaxKind.FileKeyword));
        }

        return editor.GetChangedDocument().Project.Solution;
    }
}
