using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.MutationTester;

/// <summary>
/// What has no mutants, with all that is in it: what the compiler needs as a constant, what runs once for a
/// process, so that no test can be said to reach it, and words for people.
/// </summary>
internal static class Exemptions
{
    public static bool Covers(SyntaxNode node) => node switch
    {
        AttributeListSyntax or EnumDeclarationSyntax or ParameterListSyntax or PatternSyntax => true,
        SwitchLabelSyntax or ArrayRankSpecifierSyntax or InterpolatedStringExpressionSyntax => true,
        ThrowStatementSyntax or ThrowExpressionSyntax or ConstructorInitializerSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(IsStaticOrConstant),
        PropertyDeclarationSyntax { Initializer: not null } property =>
            property.Modifiers.Any(IsStaticOrConstant),
        LocalDeclarationStatementSyntax local => local.IsConst,
        ConstructorDeclarationSyntax constructor => constructor.Modifiers.Any(SyntaxKind.StaticKeyword),
        MethodDeclarationSyntax method => method.Identifier.Text is "GetHashCode" or "ToString"
            || method.AttributeLists.ToString().Contains("Conditional(", StringComparison.Ordinal),
        InvocationExpressionSyntax call => IsOfNoConsequence(call),
        ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call } => IsOfNoConsequence(call),
        _ => false,
    };

    private static bool IsStaticOrConstant(SyntaxToken modifier) =>
        modifier.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.ConstKeyword;

    // Asserts of debug builds, words of the log, and hints to the runtime.
    private static bool IsOfNoConsequence(InvocationExpressionSyntax call)
    {
        string name = call.Expression switch
        {
            MemberAccessExpressionSyntax member => member.Name.Identifier.Text,
            SimpleNameSyntax simple => simple.Identifier.Text,
            _ => "",
        };
        string receiver = (call.Expression as MemberAccessExpressionSyntax)?.Expression.ToString() ?? "";
        return name.StartsWith("Log", StringComparison.Ordinal)
            || name is "nameof" or "ConfigureAwait"
            || receiver is "Debug" or "GC" or "Log" or "LogMessages"
            || receiver.EndsWith("ogger", StringComparison.Ordinal)
            || receiver.EndsWith("Log", StringComparison.Ordinal);
    }
}
