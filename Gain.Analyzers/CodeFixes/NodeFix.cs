using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Analyzers.CodeFixes;

/// <summary>A fix that looks at what the expression means which one rule reports.</summary>
/// <param name="id">The rule's.</param>
public abstract class NodeFix(string id) : RuleFix(id)
{
    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken)
            .ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken)
            .ConfigureAwait(false);
        if (root is not null && model is not null)
        {
            SyntaxNode node = root.FindNode(context.Span, getInnermostNodeForTie: true);
            await OfferAsync(context, root, model, node).ConfigureAwait(false);
        }
    }

    /// <summary>Offers the fix where it is one.</summary>
    /// <param name="context">Where it is offered.</param>
    /// <param name="root">The document.</param>
    /// <param name="model">What it means.</param>
    /// <param name="node">The innermost node that is reported.</param>
    protected abstract Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node);
}
