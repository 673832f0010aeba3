using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Gain.MutationTester;

/// <summary>
/// Every mutant of a file. It reads syntax alone: what does not compile for its types is found by the build.
/// </summary>
internal sealed class MutantFinder : CSharpSyntaxWalker
{
    private readonly string _file;
    private readonly List<Mutant> _found = [];

    private MutantFinder(string file) => _file = file;

    public static IReadOnlyList<Mutant> Find(string file, string text)
    {
        var finder = new MutantFinder(file);
        finder.Visit(Parse(text).GetRoot());
        return finder._found;
    }

    public static SyntaxTree Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview));

    public override void Visit(SyntaxNode? node)
    {
        if (node is not null && !Exemptions.Covers(node))
        {
            base.Visit(node);
        }
    }

    public override void VisitIfStatement(IfStatementSyntax node)
    {
        Negate(node.Condition);
        base.VisitIfStatement(node);
    }

    public override void VisitWhileStatement(WhileStatementSyntax node)
    {
        Negate(node.Condition);
        base.VisitWhileStatement(node);
    }

    public override void VisitDoStatement(DoStatementSyntax node)
    {
        Negate(node.Condition);
        base.VisitDoStatement(node);
    }

    public override void VisitConditionalExpression(ConditionalExpressionSyntax node)
    {
        Negate(node.Condition);
        base.VisitConditionalExpression(node);
    }

    public override void VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        string? other = node.Kind() switch
        {
            SyntaxKind.LessThanExpression => "<=",
            SyntaxKind.LessThanOrEqualExpression => "<",
            SyntaxKind.GreaterThanExpression => ">=",
            SyntaxKind.GreaterThanOrEqualExpression => ">",
            SyntaxKind.EqualsExpression when !IsWhole(node) => "!=",
            SyntaxKind.NotEqualsExpression when !IsWhole(node) => "==",
            SyntaxKind.LogicalAndExpression => "||",
            SyntaxKind.LogicalOrExpression => "&&",
            SyntaxKind.AddExpression when !IsText(node) => "-",
            SyntaxKind.SubtractExpression => "+",
            _ => null,
        };
        if (other is not null && !Declares(node))
        {
            Add(node, OperatorOf(node.Kind()), $"({node.Left}) {other} ({node.Right})");
        }

        base.VisitBinaryExpression(node);
    }

    public override void VisitLiteralExpression(LiteralExpressionSyntax node)
    {
        bool isShift = node.Parent is BinaryExpressionSyntax
        {
            RawKind: (int)SyntaxKind.LeftShiftExpression or (int)SyntaxKind.RightShiftExpression,
        };
        if (isShift || node.Token.Value is not (int or uint or long or ulong))
        {
            return;
        }

        decimal value = Convert.ToDecimal(node.Token.Value, CultureInfo.InvariantCulture);
        string suffix = node.Token.Value switch { uint => "u", long => "L", ulong => "UL", _ => "" };
        Add(node, MutationOperator.Constant, FormattableString.Invariant($"{value + 1}{suffix}"));
        if (value > 0)
        {
            Add(node, MutationOperator.Constant, FormattableString.Invariant($"{value - 1}{suffix}"));
        }
    }

    public override void VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (!Declares(node))
        {
            AddStatement(node);
        }

        base.VisitExpressionStatement(node);
    }

    public override void VisitReturnStatement(ReturnStatementSyntax node)
    {
        Return(node.Expression);
        base.VisitReturnStatement(node);
    }

    public override void VisitArrowExpressionClause(ArrowExpressionClauseSyntax node)
    {
        Return(node.Expression);
        base.VisitArrowExpressionClause(node);
    }

    private void AddStatement(ExpressionStatementSyntax node)
    {
        ExpressionSyntax expression = node.Expression;
        switch (expression.Kind())
        {
            case SyntaxKind.InvocationExpression:
                Add(node, MutationOperator.Call, "");
                break;
            case SyntaxKind.OrAssignmentExpression or SyntaxKind.AndAssignmentExpression:
                Add(node, MutationOperator.Flags, "");
                break;
            case SyntaxKind.AddAssignmentExpression or SyntaxKind.SubtractAssignmentExpression:
                var change = (AssignmentExpressionSyntax)expression;
                string sign = expression.IsKind(SyntaxKind.AddAssignmentExpression) ? "-=" : "+=";
                Add(node, MutationOperator.Arithmetic, $"{change.Left} {sign} {change.Right};");
                break;
            case SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression:
                ExpressionSyntax operand = ((PostfixUnaryExpressionSyntax)expression).Operand;
                string step = expression.IsKind(SyntaxKind.PostIncrementExpression) ? "--" : "++";
                Add(node, MutationOperator.Arithmetic, $"{operand}{step};");
                break;
        }
    }

    private void Negate(ExpressionSyntax condition)
    {
        bool isConstant = condition is LiteralExpressionSyntax;
        if (!isConstant && !Declares(condition) && !Exemptions.Covers(condition))
        {
            Add(condition, MutationOperator.Negate, $"!({condition})");
        }
    }

    private void Return(ExpressionSyntax? value)
    {
        if (value is null or RefExpressionSyntax or ThrowExpressionSyntax || Declares(value)
            || TypeReturnedBy(value) is not PredefinedTypeSyntax type)
        {
            return;
        }

        switch (type.Keyword.Kind())
        {
            case SyntaxKind.BoolKeyword when !IsEquality(value):
                string opposite = value.Kind() switch
                {
                    SyntaxKind.TrueLiteralExpression => "false",
                    SyntaxKind.FalseLiteralExpression => "true",
                    _ => $"!({value})",
                };
                Add(value, MutationOperator.Return, opposite);
                break;
            case SyntaxKind.IntKeyword or SyntaxKind.UIntKeyword or SyntaxKind.LongKeyword
                or SyntaxKind.ULongKeyword or SyntaxKind.UShortKeyword or SyntaxKind.ByteKeyword
                when value is not LiteralExpressionSyntax:
                Add(value, MutationOperator.Return, $"default({type})");
                break;
        }
    }

    private static TypeSyntax? TypeReturnedBy(ExpressionSyntax value) =>
        value.FirstAncestorOrSelf<SyntaxNode>(node => node
            is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or BasePropertyDeclarationSyntax
            or AnonymousFunctionExpressionSyntax) switch
        {
            MethodDeclarationSyntax method => method.ReturnType,
            OperatorDeclarationSyntax operation => operation.ReturnType,
            LocalFunctionStatementSyntax local => local.ReturnType,
            PropertyDeclarationSyntax property when !IsOfSetter(value) => property.Type,
            _ => null,
        };

    private static bool IsOfSetter(ExpressionSyntax value) =>
        value.FirstAncestorOrSelf<AccessorDeclarationSyntax>() is { Keyword.Text: not "get" };

    private static MutationOperator OperatorOf(SyntaxKind kind) => kind switch
    {
        SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression => MutationOperator.Equality,
        SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression => MutationOperator.Logic,
        SyntaxKind.AddExpression or SyntaxKind.SubtractExpression => MutationOperator.Arithmetic,
        _ => MutationOperator.Boundary,
    };

    private static bool IsEquality(ExpressionSyntax value) =>
        value.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression;

    // Its opposite is a mutant already.
    private static bool IsWhole(BinaryExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax => true,
        ConditionalExpressionSyntax choice => choice.Condition == node,
        _ => false,
    };

    private static bool IsText(BinaryExpressionSyntax node) => node.DescendantNodes().Any(part =>
        part is InterpolatedStringExpressionSyntax || part.IsKind(SyntaxKind.StringLiteralExpression));

    // A variable that an expression declares would be declared twice, or in too small a scope.
    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf().Any(part =>
        part is VariableDesignationSyntax and not DiscardDesignationSyntax);

    private void Add(SyntaxNode node, MutationOperator kind, string after)
    {
        TextSpan span = node.Span;
        int line = node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
        _found.Add(new Mutant(0, _file, line, span.Start, span.Length, kind, node.ToString(), after));
    }
}
