using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Gain.Analyzers.Lifetime;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
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
public sealed class DiscardResultFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [LifetimeRules.IgnoredResult.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken)
            .ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true)
            .FirstAncestorOrSelf<ExpressionStatementSyntax>() is not
            {
                Expression: InvocationExpressionSyntax call,
            })
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Say that the loss is meant",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(Discard(root, call))),
                nameof(DiscardResultFix)),
            context.Diagnostics);
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
