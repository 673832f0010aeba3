using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Puts an array into the frame (GAIN1002): a small one of a known length that stays in the method by
/// <c>stackalloc</c>, one that is passed as a span by a collection expression. Only where the result
/// compiles.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(StackallocFix))]
[Shared]
public sealed class StackallocFix() : NodeFix(AllocationRules.Array.Id)
{
    // A worker's stack is not endless, and callbacks may nest.
    private const int MaxElements = 256;
    private const int MaxBytes = 1024;

    private static readonly SyntaxAnnotation s_replaced = new();

    /// <inheritdoc/>
    protected override async Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node)
    {
        if (node is not ExpressionSyntax array
            || Replace(root, model, array, context.CancellationToken) is not { } replaced
            || !await FixChecks.CompilesAsync(context.Document, replaced.Root, context.CancellationToken)
                .ConfigureAwait(false)
            || !await CallsTheSameAsync(context, model, array, replaced.Root).ConfigureAwait(false))
        {
            return;
        }

        Offer(context, replaced.Title, replaced.Root);
    }

    private static (string Title, SyntaxNode Root)? Replace(
        SyntaxNode root, SemanticModel model, ExpressionSyntax array, CancellationToken cancellation)
    {
        if (FixChecks.HasComments(array))
        {
            return null;
        }

        if (Initializer(array) is { Expressions: { Count: > 0 and <= MaxElements } elements }
            && array.Parent is ArgumentSyntax
            && new WellKnownTypes(model.Compilation).IsSpan(
                model.GetTypeInfo(array, cancellation).ConvertedType))
        {
            SyntaxNode collection =
                SyntaxFactory.CollectionExpression(SyntaxFactory.SeparatedList<CollectionElementSyntax>(
                elements.Select(element => SyntaxFactory.ExpressionElement(element.WithoutTrivia()))))
                .NormalizeWhitespace()
                .WithTriviaFrom(array)
                .WithAdditionalAnnotations(s_replaced);
            return ("Use a collection expression", root.ReplaceNode(array, collection));
        }

        if (array is
            ArrayCreationExpressionSyntax { Type: { RankSpecifiers: [{ Sizes: [var size] }] } type } creation
            && model.GetTypeInfo(type.ElementType, cancellation).Type is { IsUnmanagedType: true } element
            && FrameSize.Of(element) is { } each
            && CountOf(model, creation, size, cancellation) is { } count
            && count * each <= MaxBytes
            && !FixChecks.IsRepeated(creation)
            && creation.Parent?.Parent?.Parent is VariableDeclarationSyntax { Variables.Count: 1 } local)
        {
            return ("Use stackalloc",
                root.ReplaceNode(local, ToStackalloc(local, creation, type.ElementType)));
        }

        return null;
    }

    private static InitializerExpressionSyntax? Initializer(ExpressionSyntax array) => array switch
    {
        ArrayCreationExpressionSyntax creation => creation.Initializer,
        ImplicitArrayCreationExpressionSyntax creation => creation.Initializer,
        _ => null,
    };

    private static int? CountOf(
        SemanticModel model, ArrayCreationExpressionSyntax creation, ExpressionSyntax size,
            CancellationToken cancellation) =>
        creation.Initializer is { Expressions.Count: var count }
            ? count
            : model.GetConstantValue(size, cancellation) is
            {
                HasValue: true, Value: int and >= 0 and <= MaxElements and var constant,
            }
                ? constant
                : null;

    // An argument of another type may be for another overload.
    private static async Task<bool> CallsTheSameAsync(
        CodeFixContext context, SemanticModel before, ExpressionSyntax array, SyntaxNode root)
    {
        SyntaxNode? collection = root.GetAnnotatedNodes(s_replaced).FirstOrDefault();
        if (collection is null)
        {
            return true;
        }

        Document changed = context.Document.WithSyntaxRoot(root);
        SemanticModel? after = await changed.GetSemanticModelAsync(context.CancellationToken)
            .ConfigureAwait(false);
        SyntaxNode? changedRoot = await changed.GetSyntaxRootAsync(context.CancellationToken)
            .ConfigureAwait(false);
        collection = changedRoot?.GetAnnotatedNodes(s_replaced).FirstOrDefault();
        return collection is not null && after is not null
            && Called(before, array) == Called(after, collection);
    }

    private static string? Called(SemanticModel model, SyntaxNode argument) =>
        argument.Parent?.Parent?.Parent is { } call
            ? model.GetSymbolInfo(call).Symbol?.ToDisplayString()
            : null;

    private static VariableDeclarationSyntax ToStackalloc(
        VariableDeclarationSyntax local, ArrayCreationExpressionSyntax creation, TypeSyntax element)
    {
        TypeSyntax span = SyntaxFactory.ParseTypeName($"System.Span<{element}>")
            .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation)
            .WithTriviaFrom(local.Type);
        VariableDeclaratorSyntax variable = local.Variables[0];
        ExpressionSyntax value = SyntaxFactory.StackAllocArrayCreationExpression(
            SyntaxFactory.Token(SyntaxKind.StackAllocKeyword).WithTrailingTrivia(SyntaxFactory.Space),
            creation.Type,
            creation.Initializer);
        return local.WithType(span).WithVariables(SyntaxFactory.SingletonSeparatedList(
            variable.WithInitializer(variable.Initializer!.WithValue(value.WithTriviaFrom(creation)))));
    }
}
