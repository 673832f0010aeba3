using System.Composition;
using System.Globalization;
using System.Threading.Tasks;
using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Lets the compiler keep a delegate (GAIN1005): makes the local function static that it is made of, or
/// leaves out <c>new</c>, which makes a delegate each time where a conversion makes one only once.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StaticFunctionFix))]
[Shared]
public sealed class StaticFunctionFix() : NodeFix(AllocationRules.Delegate.Id)
{
    /// <inheritdoc/>
    protected override async Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node)
    {
        if (node is
            ObjectCreationExpressionSyntax { ArgumentList.Arguments: [{ Expression: var group }] } creation
            && model.GetSymbolInfo(group, context.CancellationToken)
                .Symbol is IMethodSymbol { IsStatic: true })
        {
            Offer(
                context, "Leave out 'new', so that the delegate is made once",
                root.ReplaceNode(creation, ToCast(creation, group)));
            return;
        }

        // One that captures a variable or the instance has another message, and this fix would not compile.
        if (context.Diagnostics[0].GetMessage(CultureInfo.InvariantCulture).Contains("'this'"))
        {
            return;
        }

        if (model.GetSymbolInfo(node, context.CancellationToken).Symbol is IMethodSymbol
            {
                MethodKind: MethodKind.LocalFunction, IsStatic: false,
            } function
            && function.DeclaringSyntaxReferences is [var reference]
            && await reference.GetSyntaxAsync(context.CancellationToken).ConfigureAwait(false) is
                LocalFunctionStatementSyntax declaration
            && root.ReplaceNode(declaration, ToStatic(declaration)) is var changed
            && await FixChecks.CompilesAsync(context.Document, changed, context.CancellationToken)
                .ConfigureAwait(false))
        {
            // What it calls has to be static too, or the fix is not offered.
            Offer(context, "Make the local function static, so that its delegate is made once", changed);
        }
    }

    private static CastExpressionSyntax ToCast(
        ObjectCreationExpressionSyntax creation, ExpressionSyntax group) =>
        SyntaxFactory.CastExpression(creation.Type.WithoutTrivia(), group.WithoutTrivia())
            .WithTriviaFrom(creation);

    private static LocalFunctionStatementSyntax ToStatic(LocalFunctionStatementSyntax declaration)
    {
        SyntaxTriviaList leading = declaration.GetLeadingTrivia();
        SyntaxToken modifier =
            SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        declaration = declaration.WithLeadingTrivia();
        return declaration.WithModifiers(declaration.Modifiers.Insert(0, modifier))
            .WithLeadingTrivia(leading);
    }
}
