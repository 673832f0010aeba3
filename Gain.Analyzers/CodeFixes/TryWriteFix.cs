using System.Composition;
using System.Linq;
using System.Threading.Tasks;
using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Gain.Analyzers.Knowledge;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using Microsoft.CodeAnalysis.Simplification;

namespace Gain.Analyzers.CodeFixes;

/// <summary>
/// Writes an interpolated string that is only encoded and sent (GAIN1007) into the connection's own memory,
/// which is as large as the text needs: <c>connection.Send(Encoding.UTF8.GetBytes($"…"))</c> becomes a
/// <c>Utf8.TryWrite</c>, also where a variable holds the text in between.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(TryWriteFix))]
[Shared]
public sealed class TryWriteFix() : NodeFix(AllocationRules.String.Id)
{
    private const int FirstBytes = 256;

    /// <inheritdoc/>
    protected override async Task OfferAsync(
        CodeFixContext context, SyntaxNode root, SemanticModel model, SyntaxNode node)
    {
        if (node is not InterpolatedStringExpressionSyntax text
            || FindArgument(text) is not
            {
                Parent.Parent: InvocationExpressionSyntax
                {
                    ArgumentList.Arguments.Count: 1,
                    Expression: MemberAccessExpressionSyntax { Name.Identifier.Text: "GetBytes" } access,
                } call,
            }
            || !IsUtf8(model, access.Expression)
            || ConnectionOf(model, call) is not { } connection
            || !IsWrittenInPlace(model, text)
            || !text.Contents.OfType<InterpolationSyntax>().All(
                part => IsTheSameAgain(model, part.Expression))
            || call.FirstAncestorOrSelf<StatementSyntax>() is not ExpressionStatementSyntax
            {
                Parent: BlockSyntax,
            } statement
            || FixChecks.HasComments(call)
            || (DeclarationOf(text) is { } declaration && FixChecks.HasComments(declaration, atEnd: true)))
        {
            return;
        }

        SyntaxNode changed = Fix(root, model, statement, connection, text);
        if (await FixChecks.CompilesAsync(context.Document, changed, context.CancellationToken)
            .ConfigureAwait(false))
        {
            Offer(context, "Write the text into the connection with Utf8.TryWrite", changed);
        }
    }

    // The text itself, or the variable that holds nothing else, and that only the next statement uses, once.
    private static ArgumentSyntax? FindArgument(InterpolatedStringExpressionSyntax text)
    {
        if (text.Parent is ArgumentSyntax argument)
        {
            return argument;
        }

        if (DeclarationOf(text) is not { Parent: BlockSyntax block } declaration)
        {
            return null;
        }

        int next = block.Statements.IndexOf(declaration) + 1;
        string name = declaration.Declaration.Variables[0].Identifier.Text;
        IdentifierNameSyntax[] uses =
        [
            .. block.DescendantNodes().OfType<IdentifierNameSyntax>()
                .Where(one => one.Identifier.Text == name),
        ];
        return uses is [{ Parent: ArgumentSyntax used }] && next < block.Statements.Count
            && block.Statements[next] == used.FirstAncestorOrSelf<StatementSyntax>()
            ? used
            : null;
    }

    private static LocalDeclarationStatementSyntax? DeclarationOf(InterpolatedStringExpressionSyntax text) =>
        text.Parent?.Parent?.Parent is VariableDeclarationSyntax
        {
            Variables.Count: 1,
            Parent: LocalDeclarationStatementSyntax declaration,
        }
            ? declaration
            : null;

    private static bool IsUtf8(SemanticModel model, ExpressionSyntax encoding) =>
        model.GetSymbolInfo(encoding).Symbol is IPropertySymbol
        {
            Name: "UTF8", ContainingType: { Name: "Encoding", ContainingNamespace.Name: "Text" },
        } property
        && ArgumentTypes.IsInSystem(property.ContainingType);

    // What writes itself as UTF-8; of other values the text is made first.
    private static bool IsWrittenInPlace(SemanticModel model, InterpolatedStringExpressionSyntax text)
    {
        INamedTypeSymbol? formattable = new WellKnownTypes(model.Compilation).Utf8SpanFormattable;
        return text.Contents.OfType<InterpolationSyntax>().All(part =>
            model.GetTypeInfo(part.Expression).Type is { } type
            && (type.SpecialType is SpecialType.System_String
                || type.AllInterfaces.Contains(formattable!, SymbolEqualityComparer.Default)));
    }

    // What the bytes are sent to: nothing else has memory that grows with them.
    private static ExpressionSyntax? ConnectionOf(SemanticModel model, InvocationExpressionSyntax call) =>
        call.Parent?.Parent?.Parent is InvocationExpressionSyntax
        {
            ArgumentList.Arguments.Count: 1,
            Parent: ExpressionStatementSyntax,
            Expression: MemberAccessExpressionSyntax
            {
                Name.Identifier.Text: "Send", Expression: IdentifierNameSyntax connection,
            },
        }
        && SymbolEqualityComparer.Default.Equals(
            model.GetTypeInfo(connection).Type,
            model.Compilation.GetTypeByMetadataName(KnownTypeNames.Connection))
            ? connection
            : null;

    // A text that does not fit is written once more: what is in it must not count how often.
    private static bool IsTheSameAgain(SemanticModel model, ExpressionSyntax part) =>
        !part.DescendantNodesAndSelf().Any(node => node is InvocationExpressionSyntax
            or AssignmentExpressionSyntax or BaseObjectCreationExpressionSyntax or AwaitExpressionSyntax
            or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression
                or (int)SyntaxKind.PostDecrementExpression }
            or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression
                or (int)SyntaxKind.PreDecrementExpression }
            || (node is IdentifierNameSyntax or MemberAccessExpressionSyntax or ElementAccessExpressionSyntax
                && model.GetSymbolInfo(node).Symbol is IPropertySymbol property
                && SymbolEqualityComparer.Default.Equals(
                    property.ContainingAssembly, model.Compilation.Assembly)
                && !IsAutomatic(property)));

    private static bool IsAutomatic(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(field =>
            SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    // In a block of its own, so that two of them do not share names.
    private static SyntaxNode Fix(
        SyntaxNode root,
        SemanticModel model,
        ExpressionStatementSyntax statement,
        ExpressionSyntax connection,
        InterpolatedStringExpressionSyntax text)
    {
        string size = Unused(model, statement, "size");
        string written = Unused(model, statement, "written");
        string writing =
            $"System.Text.Unicode.Utf8.TryWrite({connection}.GetSpan({size}), {text}, out {written})";
        var block = (BlockSyntax)SyntaxFactory.ParseStatement($$"""
            {
                int {{size}} = {{FirstBytes}};
                int {{written}};
                while (!{{writing}})
                {
                    {{size}} *= 2;
                }

                {{connection}}.Advance({{written}});
            }
            """);
        block = block.WithTriviaFrom(statement)
            .WithAdditionalAnnotations(Formatter.Annotation, Simplifier.Annotation);
        if (DeclarationOf(text) is not { } declaration)
        {
            return root.ReplaceNode(statement, block);
        }

        // The variable goes, and the block takes its place, with the comments in front of it.
        SyntaxNode changed = root.TrackNodes(declaration, statement);
        changed = changed.ReplaceNode(
            changed.GetCurrentNode(statement)!, block.WithLeadingTrivia(declaration.GetLeadingTrivia()));
        return changed.RemoveNode(changed.GetCurrentNode(declaration)!, SyntaxRemoveOptions.KeepNoTrivia)!;
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
