using System.Composition;
using System.Threading.Tasks;
using Gain.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Says of a try whose result nobody looks at (GAIN3003) that the loss is meant: what else to do about it,
/// only the author knows.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(DiscardResultFix))]
[Shared]
public sealed class DiscardResultFix() : NodeFix(LifetimeRules.IgnoredResult.Id)
{
    /// <inheritdoc/>
    protected override Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node)
    {
        if (node.FirstAncestorOrSelf<ExpressionStatementSyntax>() is
            {
                Expression: InvocationExpressionSyntax call,
            })
        {
            Offer(context, "Say that the loss is meant", Discard(root, call));
        }

        return Task.CompletedTask;
    }

    private static SyntaxNode Discard(SyntaxNode root, InvocationExpressionSyntax call) =>
        root.ReplaceNode(
            call,
            SyntaxFactory.AssignmentExpression(
                SyntaxKind.SimpleAssignmentExpression,
                SyntaxFactory.IdentifierName("_").WithTrailingTrivia(SyntaxFactory.Space),
                SyntaxFactory.Token(SyntaxKind.EqualsToken).WithTrailingTrivia(SyntaxFactory.Space),
                call.WithoutLeadingTrivia())
                .WithLeadingTrivia(call.GetLeadingTrivia())
                .WithAdditionalAnnotations(Formatter.Annotation));
}
