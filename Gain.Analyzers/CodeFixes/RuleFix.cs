using System;
using System.Collections.Immutable;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Analyzers.CodeFixes;

/// <summary>A fix for what one rule reports, which can be applied to a whole solution.</summary>
/// <param name="id">The rule's.</param>
public abstract class RuleFix(string id) : CodeFixProvider
{
    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; } = [id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <summary>Offers a change of several documents.</summary>
    protected void Offer(
        CodeFixContext context, string title, Func<CancellationToken, Task<Solution>> change) =>
        context.RegisterCodeFix(CodeAction.Create(title, change, GetType().Name), context.Diagnostics);

    /// <summary>Offers the document with another content.</summary>
    protected void Offer(CodeFixContext context, string title, SyntaxNode root) =>
        context.RegisterCodeFix(
            CodeAction.Create(
                title, _ => Task.FromResult(context.Document.WithSyntaxRoot(root)), GetType().Name),
            context.Diagnostics);
}
