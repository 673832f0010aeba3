using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Rename;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Gives a method the name of the callback that it was meant to be (GAIN0006).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RenameCallbackFix))]
[Shared]
public sealed class RenameCallbackFix() : RuleFix(CallbackNameAnalyzer.Id)
{
    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var method = await FixTarget.FindAsync<MethodDeclarationSyntax>(context).ConfigureAwait(false);
        if (method is not null
            && context.Diagnostics[0].Properties[CallbackNameAnalyzer.NameProperty] is { } name)
        {
            Offer(
                context, $"Rename to '{name}'",
                cancellation => Fix(context.Document, method, name, cancellation));
        }
    }

    private static async Task<Solution> Fix(
        Document document,
        MethodDeclarationSyntax method,
        string name,
        CancellationToken cancellation)
    {
        Solution solution = document.Project.Solution;
        SemanticModel? model = await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false);
        return model?.GetDeclaredSymbol(method, cancellation) is { } symbol
            ? await Renamer.RenameSymbolAsync(solution, symbol, default, name, cancellation)
                .ConfigureAwait(false)
            : solution;
    }
}
