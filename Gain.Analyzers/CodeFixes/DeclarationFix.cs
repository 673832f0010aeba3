using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Analyzers.CodeFixes;

/// <summary>A fix that changes the declaration at which one rule reports.</summary>
/// <typeparam name="T">The kind of declaration.</typeparam>
/// <param name="id">The rule's.</param>
/// <param name="title">What the fix does, for every declaration alike.</param>
public abstract class DeclarationFix<T>(string id, string title) : RuleFix(id)
    where T : SyntaxNode
{
    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        T? declaration = await FixTarget.FindAsync<T>(context).ConfigureAwait(false);
        if (declaration is not null && CanFix(declaration))
        {
            Offer(context, title, cancellation => FixAsync(context.Document, declaration, cancellation));
        }
    }

    /// <summary>Whether the fix is for such a declaration.</summary>
    protected virtual bool CanFix(T declaration) => true;

    /// <summary>The solution with the declaration changed.</summary>
    protected abstract Task<Solution> FixAsync(
        Document document, T declaration, CancellationToken cancellation);
}
