using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>What speaks against a fix: one that is not proven safe is not offered.</summary>
internal static class FixChecks
{
    /// <summary>Whether a document without errors has none afterwards.</summary>
    public static async Task<bool> CompilesAsync(
        Document document, SyntaxNode root, CancellationToken cancellation)
    {
        SemanticModel? model = await document.WithSyntaxRoot(root).GetSemanticModelAsync(cancellation)
            .ConfigureAwait(false);
        return model is not null
            && !model.GetDiagnostics(cancellationToken: cancellation)
                .Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>
    /// Whether code runs more than once in its function: memory of the frame that is taken there is given
    /// back only when the function returns.
    /// </summary>
    public static bool IsRepeated(SyntaxNode node)
    {
        for (SyntaxNode? at = node.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case ForStatementSyntax or CommonForEachStatementSyntax or WhileStatementSyntax
                    or DoStatementSyntax:
                    return true;
                case AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
                    or MemberDeclarationSyntax:
                    // A jump back is a loop too, to a label or to a case.
                    return at.DescendantNodes().OfType<GotoStatementSyntax>().Any();
                default:
                    break;
            }
        }

        return false;
    }

    /// <summary>Whether there is something within a node, or after it, that a rewrite would lose.</summary>
    public static bool HasComments(SyntaxNode node, bool atEnd = false) =>
        node.DescendantTrivia().Any(trivia => IsComment(trivia)
            && (node.Span.Contains(trivia.Span) || (atEnd && trivia.SpanStart >= node.Span.End)));

    private static bool IsComment(SyntaxTrivia trivia) =>
        trivia.IsDirective
        || trivia.IsKind(SyntaxKind.DisabledTextTrivia)
        || trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
        || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia);
}
