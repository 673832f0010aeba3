using System;
using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Usage;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;

namespace Gain.Analyzers.CodeFixes;

/// <summary>Gives a method the signature of the callback that it is named after (GAIN0005).</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CallbackSignatureFix))]
[Shared]
public sealed class CallbackSignatureFix() : RuleFix(CallbackSignatureAnalyzer.Id)
{
    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var method = await FixTarget.FindAsync<MethodDeclarationSyntax>(context).ConfigureAwait(false);
        SemanticModel? model =
            await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);

        // What to do with what an async method awaits, or what a session does, only its author can tell.
        if (method is null
            || model?.GetDeclaredSymbol(method, context.CancellationToken) is not { IsAsync: false } symbol
            || Handler.SpecOf(symbol) is not { ReturnType: null } spec
            || (spec.TakesMessage
                && !symbol.Parameters.Any(static one => MessageParser.CanBeMessage(one.Type))))
        {
            return;
        }

        MethodDeclarationSyntax rewritten = Rewrite(method, symbol, spec);
        string parameters = string.Join(", ", rewritten.ParameterList.Parameters.Select(TextOf));
        Offer(
            context,
            $"Change to '{rewritten.ReturnType.WithoutTrivia()} {symbol.Name}({parameters})'",
            cancellation => Replace(context.Document, method, rewritten, cancellation));
    }

    private static async Task<Solution> Replace(
        Document document,
        SyntaxNode node,
        SyntaxNode replacement,
        CancellationToken cancellation)
    {
        SyntaxNode? root = await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false);
        return document.WithSyntaxRoot(root!.ReplaceNode(node, replacement)).Project.Solution;
    }

    private static MethodDeclarationSyntax Rewrite(
        MethodDeclarationSyntax method,
        IMethodSymbol symbol,
        CallbackSpec spec)
    {
        bool returnsCount = spec.MayReturnCount && ParameterMatch.IsInteger(symbol.ReturnType);
        SyntaxKind returned = returnsCount ? SyntaxKind.IntKeyword : SyntaxKind.VoidKeyword;
        return method
            .WithReturnType(SyntaxFactory.PredefinedType(SyntaxFactory.Token(returned))
                .WithTriviaFrom(method.ReturnType))
            .WithTypeParameterList(null)
            .WithConstraintClauses(default)
            .WithParameterList(method.ParameterList.WithParameters(Parameters(method, symbol, spec)));
    }

    // Each parameter becomes the one that it stands for, under its own name; one that stands for none goes.
    private static SeparatedSyntaxList<ParameterSyntax> Parameters(
        MethodDeclarationSyntax method,
        IMethodSymbol symbol,
        CallbackSpec spec)
    {
        List<ParameterSpec> free = [.. spec.Parameters];
        var result = new List<ParameterSyntax>();
        foreach (IParameterSymbol parameter in symbol.Parameters)
        {
            if (CallbackSignature.IsPerWorker(parameter))
            {
                result.Add(WithRef(method.ParameterList.Parameters[parameter.Ordinal], parameter));
            }
            else if (spec.TakesMessage && MessageParser.CanBeMessage(parameter.Type))
            {
                // The first one is the message; of a second, only the author knows where it belongs.
                if (free.RemoveAll(static offered => offered.IsMessage) != 0)
                {
                    ParameterSyntax message = method.ParameterList.Parameters[parameter.Ordinal];
                    result.Add(message.WithoutTrivia().WithModifiers(default));
                }
            }
            else if (ParameterMatch.Find(parameter, free) is { } offered)
            {
                free.Remove(offered);
                result.Add(Make(offered, method.ParameterList.Parameters[parameter.Ordinal].Identifier.Text));
            }
        }

        // Nothing to go by: all that there is.
        if (result.Count == 0 && symbol.Parameters.Length > 0)
        {
            result.AddRange(spec.Parameters
                .Where(static offered => !offered.IsMessage)
                .Select(static offered => Make(offered, offered.Name)));
        }

        SyntaxToken comma = SyntaxFactory.Token(SyntaxKind.CommaToken)
            .WithTrailingTrivia(SyntaxFactory.Space);
        return SyntaxFactory.SeparatedList(
            result,
            Enumerable.Repeat(comma, Math.Max(0, result.Count - 1)));
    }

    // A class may come by value, and what comes by in stays so.
    private static ParameterSyntax WithRef(ParameterSyntax syntax, IParameterSymbol parameter)
    {
        bool stays = parameter.RefKind is RefKind.Ref or RefKind.In
            || (parameter.RefKind == RefKind.None && parameter.Type.IsReferenceType);
        SyntaxToken modifier = SyntaxFactory.Token(SyntaxKind.RefKeyword)
            .WithTrailingTrivia(SyntaxFactory.Space);
        return stays ? syntax : syntax.WithoutTrivia().WithModifiers(SyntaxFactory.TokenList(modifier));
    }

    private static ParameterSyntax Make(ParameterSpec offered, string name) =>
        SyntaxFactory.Parameter(SyntaxFactory.Identifier(name))
            .WithType(SyntaxFactory.ParseTypeName(offered.Type)
                .WithTrailingTrivia(SyntaxFactory.Space)
                .WithAdditionalAnnotations(Simplifier.Annotation));

    private static string TextOf(ParameterSyntax parameter)
    {
        string type = parameter.Type!.WithoutTrivia().ToString();
        string modifiers = string.Concat(parameter.Modifiers.Select(static one => one.Text + " "));
        return $"{modifiers}{type.Substring(type.LastIndexOf('.') + 1)} {parameter.Identifier.Text}";
    }
}
