using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Finds what a diagnostic is about.</summary>
internal static class FixTarget
{
    /// <summary>The innermost node of a kind around a diagnostic.</summary>
    public static async Task<T?> FindAsync<T>(CodeFixContext context)
        where T : SyntaxNode
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken)
            .ConfigureAwait(false);
        return root?.FindNode(context.Span).FirstAncestorOrSelf<T>();
    }
}
