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

/// <summary>Makes a handler partial, and every type that it is nested in (GAIN0002).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix))]
[Shared]
public sealed class MakePartialFix()
    : DeclarationFix<TypeDeclarationSyntax>(
        PartialHandlerAnalyzer.Id, "Make the handler and the types around it partial")
{
    /// <inheritdoc/>
    protected override async Task<Solution> FixAsync(
        Document document,
        TypeDeclarationSyntax declaration,
        CancellationToken cancellation)
    {
        DocumentEditor editor =
            await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);

        // The innermost first: an editor sees what was changed inside a node that it changes.
        foreach (TypeDeclarationSyntax type in declaration.AncestorsAndSelf().OfType<TypeDeclarationSyntax>())
        {
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword))
            {
                editor.ReplaceNode(type, static (now, _) => WithPartial((TypeDeclarationSyntax)now));
            }
        }

        return editor.GetChangedDocument().Project.Solution;
    }

    // "partial" is the last modifier. What stood in front of the keyword stays in front of the declaration.
    private static TypeDeclarationSyntax WithPartial(TypeDeclarationSyntax type)
    {
        SyntaxToken partial = SyntaxFactory.Token(SyntaxKind.PartialKeyword)
            .WithTrailingTrivia(SyntaxFactory.Space);
        if (type.Modifiers.Count == 0)
        {
            partial = partial.WithLeadingTrivia(type.Keyword.LeadingTrivia);
            type = type.WithKeyword(type.Keyword.WithLeadingTrivia());
        }

        return type.WithModifiers(type.Modifiers.Add(partial));
    }
}
