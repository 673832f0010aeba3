using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gain.MutationTester;

/// <summary>
/// Writes mutants into a file, each behind its switch, and finds the mutant that an error of the compiler is
/// in. No line is added, so that an error's line is that of the tree.
/// </summary>
internal sealed class MutantRewriter : CSharpSyntaxRewriter
{
    private const string Switch = "global::GainMutants.Is";

    private readonly ILookup<TextSpan, Mutant> _mutants;

    private MutantRewriter(IEnumerable<Mutant> mutants) =>
        _mutants = mutants.ToLookup(mutant => new TextSpan(mutant.Start, mutant.Length));

    public static string Rewrite(string text, IEnumerable<Mutant> mutants) =>
        new MutantRewriter(mutants).Visit(MutantFinder.Parse(text).GetRoot())!.ToFullString();

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        SyntaxNode? visited = base.Visit(node);
        if (node is null or not (ExpressionSyntax or ExpressionStatementSyntax))
        {
            return visited;
        }

        // The node alone of those with its span that the mutants are of.
        foreach (Mutant mutant in _mutants[node.Span])
        {
            bool isStatement = mutant.Before.EndsWith(';');
            if (isStatement == node is StatementSyntax && !IsAlone(node))
            {
                visited = isStatement
                    ? Statement(mutant, (StatementSyntax)visited!)
                    : Expression(mutant, (ExpressionSyntax)visited!);
            }
        }

        return visited;
    }

    /// <summary>The mutant whose switch is around a place of a rewritten file; null if none is.</summary>
    public static int? MutantAt(string rewritten, int line, int column)
    {
        SyntaxTree tree = MutantFinder.Parse(rewritten);
        TextLineCollection lines = tree.GetText().Lines;
        if (line < 1 || line > lines.Count)
        {
            return null;
        }

        int place = Math.Min(lines[line - 1].Start + column - 1, lines[line - 1].End);
        SyntaxNode at = tree.GetRoot().FindToken(place).Parent!;
        IEnumerable<int> around = at.AncestorsAndSelf().SelectMany(SwitchOf);
        IEnumerable<int> inFunction = at.AncestorsAndSelf()
            .Where(node => node is MemberDeclarationSyntax and not BaseTypeDeclarationSyntax)
            .Take(1)
            .SelectMany(member => member.DescendantNodes().SelectMany(SwitchOf).Reverse());
        return around.Concat(inFunction).Cast<int?>().FirstOrDefault();
    }

    // An expression that is all of another with the same span, as a name is of its argument, has the mutant
    // once.
    private static bool IsAlone(SyntaxNode node) =>
        node.Parent is ExpressionSyntax parent && parent.Span == node.Span;

    private static IEnumerable<int> SwitchOf(SyntaxNode node)
    {
        ExpressionSyntax? condition = node switch
        {
            ConditionalExpressionSyntax choice => choice.Condition,
            IfStatementSyntax choice => choice.Condition,
            _ => null,
        };
        return condition is InvocationExpressionSyntax call && call.Expression.ToString() == Switch
            ? [int.Parse(call.ArgumentList.Arguments[0].ToString(), null)]
            : [];
    }

    private static ExpressionSyntax Expression(Mutant mutant, ExpressionSyntax current)
    {
        string text = $"({Switch}({mutant.Id}) ? {Line(mutant.After)} : {current.WithoutTrivia()})";
        return SyntaxFactory.ParseExpression(text).WithTriviaFrom(current);
    }

    private static StatementSyntax Statement(Mutant mutant, StatementSyntax current)
    {
        string condition = $"{Switch}({mutant.Id})";
        string text = $"if ({condition}) {{ {Line(mutant.After)} }} else {{ {current.WithoutTrivia()} }}";
        return SyntaxFactory.ParseStatement(text).WithTriviaFrom(current);
    }

    // A comment to the end of the line would take what follows with it.
    private static string Line(string text) => text.Contains("//", StringComparison.Ordinal)
        ? text
        : text.Replace('\n', ' ');
}
