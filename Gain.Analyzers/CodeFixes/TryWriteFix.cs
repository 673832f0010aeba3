using System;
using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Writes an interpolated string that is only encoded (GAIN1007) into the frame:
/// <c>connection.Send(Encoding.UTF8.GetBytes($"…"))</c> becomes a <c>Utf8.TryWrite</c>.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TryWriteFix))]
[Shared]
public sealed class TryWriteFix : CodeFixProvider
{
    private const int BufferBytes = 256;
    private const string TooLong = "The text takes more than 256 bytes.";

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [AllocationRules.String.Id];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken)
            .ConfigureAwait(false);
        if (root?.FindNode(
            context.Span, getInnermostNodeForTie: true) is not InterpolatedStringExpressionSyntax
            {
                Parent: ArgumentSyntax
                {
                    Parent.Parent: InvocationExpressionSyntax
                    {
                        ArgumentList.Arguments.Count: 1,
                        Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "GetBytes" } access,
                    } call,
                },
            } text
            || !IsUtf8(access.Expression)
            || call.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax
            {
                Parent: BlockSyntax,
            } statement)
        {
            return;
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Write the text into the frame with Utf8.TryWrite",
                cancellation => Fix(context.Document, statement, call, text, cancellation),
                nameof(TryWriteFix)),
            context.Diagnostics);
    }

    private static bool IsUtf8(ExpressionSyntax encoding) =>
        encoding.ToString().EndsWith("Encoding.UTF8", StringComparison.Ordinal);

    // In a block of its own, so that two of them do not share names.
    private static async Task<Document> Fix(
        Document document,
        ExpressionStatementSyntax statement,
        InvocationExpressionSyntax call,
        InterpolatedStringExpressionSyntax text,
        CancellationToken cancellation)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellation).ConfigureAwait(false))!;
        SemanticModel model = (await document.GetSemanticModelAsync(cancellation).ConfigureAwait(false))!;
        string buffer = Unused(model, statement, "text");
        string written = Unused(model, statement, "written");
        ExpressionSyntax slice = SyntaxFactory.ParseExpression($"{buffer}[..{written}]");
        string sending = statement.ReplaceNode(call, slice).ToString();
        var block = (BlockSyntax)SyntaxFactory.ParseStatement($$"""
            {
                System.Span<byte> {{buffer}} = stackalloc byte[{{BufferBytes}}];
                if (!System.Text.Unicode.Utf8.TryWrite({{buffer}}, {{text}}, out int {{written}}))
                {
                    throw new System.InvalidOperationException("{{TooLong}}");
                }

                {{sending}}
            }
            """);
        return document.WithSyntaxRoot(root.ReplaceNode(
            statement,
            block.WithTriviaFrom(statement)
                .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation)));
    }

    private static string Unused(SemanticModel model, StatementSyntax statement, string name)
    {
        string candidate = name;
        for (int i = 2; !model.LookupSymbols(statement.SpanStart, name: candidate).IsEmpty; i++)
        {
            candidate = name + i;
        }

        return candidate;
    }
}
