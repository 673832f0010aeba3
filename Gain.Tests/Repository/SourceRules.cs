using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>
/// What holds for the text of a file. Each rule returns what breaks it, as "line: what", so that a test can
/// also plant a violation and see it found.
/// </summary>
internal static partial class SourceRules
{
    public const int MaxColumns = 110;
    public const int MaxFunctionLines = 60;

    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Preview);

    public static IEnumerable<string> LongLines(string text) =>
        Lines(text, line => line.Length > MaxColumns ? $"{line.Length} columns" : null);

    /// <summary>Words that stand for unfinished work.</summary>
    public static IEnumerable<string> UnfinishedWork(string text) =>
        Lines(text, line => UnfinishedWords().Match(line) is { Success: true } found ? found.Value : null);

    /// <summary>Paths of one person's machine, and hosts that serve packages.</summary>
    public static IEnumerable<string> MachineNames(string text) =>
        Lines(text, line => MachineWords().Match(line) is { Success: true } found ? found.Value : null);

    public static IEnumerable<string> NotImplemented(string text) =>
        Parse(text).DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Where(token => token.Text == "NotImplementedException")
            .Select(token => At(token, token.Text));

    /// <summary>Waits for a time instead of an event.</summary>
    public static IEnumerable<string> Sleeps(string text) =>
        Parse(text).DescendantNodes().OfType<MemberAccessExpressionSyntax>()
            .Where(access => (LastName(access.Expression), access.Name.Identifier.Text) is
                ("Thread", "Sleep") or ("Thread", "SpinWait") or ("Task", "Delay"))
            .Select(access => At(access.Name.Identifier, access.ToString()));

    public static IEnumerable<string> EmptyCatches(string text) =>
        Parse(text).DescendantNodes().OfType<CatchClauseSyntax>()
            .Where(clause => clause.Block.Statements.Count == 0 && !HasComment(clause.Block))
            .Select(clause => At(clause.CatchKeyword, "a catch that neither acts nor says why"));

    public static IEnumerable<string> BlockNamespaces(string text) =>
        Parse(text).DescendantNodes().OfType<NamespaceDeclarationSyntax>()
            .Select(space => At(space.NamespaceKeyword, $"namespace {space.Name} is not file-scoped"));

    /// <summary>The types after the first; a type's parts with other arities count as one.</summary>
    public static IEnumerable<string> FurtherTypes(string text) =>
        Parse(text).DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<MemberDeclarationSyntax>()
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .Select(NameOf)
            .DistinctBy(name => name.Text)
            .Skip(1)
            .Select(name => At(name, $"{name.Text} is a further type of the file"));

    /// <summary>
    /// Pointers that no <c>// SAFETY:</c> note says of who owns the memory, and until when. A note is for
    /// the fields below it too, up to an empty line.
    /// </summary>
    public static IEnumerable<string> UnexplainedPointers(string text)
    {
        bool isExplained = false;
        foreach (MemberDeclarationSyntax member in Parse(text).DescendantNodes()
            .OfType<MemberDeclarationSyntax>().Where(member => member is not BaseNamespaceDeclarationSyntax))
        {
            SyntaxTriviaList leading = member.GetLeadingTrivia();
            bool begins = leading.Any(trivia => trivia.IsKind(SyntaxKind.EndOfLineTrivia)
                && trivia.GetLocation().GetLineSpan().StartLinePosition.Character == 0);
            isExplained = leading.ToString().Contains("// SAFETY:", StringComparison.Ordinal)
                || (isExplained && !begins && member is FieldDeclarationSyntax);
            if (member is FieldDeclarationSyntax field
                && field.Declaration.Type is PointerTypeSyntax or FunctionPointerTypeSyntax
                && !isExplained)
            {
                SyntaxToken name = field.Declaration.Variables[0].Identifier;
                yield return At(name, $"{name.Text} is a pointer without a SAFETY note");
            }
        }
    }

    /// <summary>The functions that are longer than they should be, with the lines that they have.</summary>
    public static IEnumerable<(string Name, int Lines)> LongFunctions(string text) =>
        from member in Parse(text).DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax
        let span = member.GetLocation().GetLineSpan()
        let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
        where lines > MaxFunctionLines
        select (NameOfFunction(member), lines);

    /// <summary>The targets of a Markdown file's links to files.</summary>
    public static IEnumerable<string> LinkedFiles(string markdown) =>
        Links().Matches(CodeBlocks().Replace(markdown, ""))
            .Select(link => link.Groups[1].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal)
                && !target.StartsWith("mailto:", StringComparison.Ordinal));

    internal static CompilationUnitSyntax Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, s_options).GetCompilationUnitRoot();

    internal static string At(SyntaxToken token, string what) =>
        $"{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {what}";

    private static IEnumerable<string> Lines(string text, Func<string, string?> fault) =>
        text.Split('\n')
            .Select((line, index) => (Number: index + 1, Fault: fault(line.TrimEnd('\r'))))
            .Where(line => line.Fault is not null)
            .Select(line => $"{line.Number}: {line.Fault}");

    private static bool HasComment(BlockSyntax block) =>
        block.DescendantTrivia().Any(trivia => trivia.Kind() is
            SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia);

    private static string LastName(ExpressionSyntax expression) => expression switch
    {
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text,
        SimpleNameSyntax name => name.Identifier.Text,
        _ => "",
    };

    private static string NameOfFunction(MemberDeclarationSyntax member)
    {
        string name = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            OperatorDeclarationSyntax @operator => $"operator {@operator.OperatorToken.Text}",
            ConstructorDeclarationSyntax => "constructor",
            IndexerDeclarationSyntax => "this[]",
            _ => member.Kind().ToString(),
        };
        string type = member.Parent is BaseTypeDeclarationSyntax parent ? parent.Identifier.Text : "";
        return $"{type}.{name}";
    }

    private static SyntaxToken NameOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier,
        DelegateDeclarationSyntax type => type.Identifier,
        _ => throw new ArgumentException($"{member.Kind()} is no type.", nameof(member)),
    };

    // The brackets keep the patterns from matching themselves.
    [GeneratedRegex(@"\b(T[O]DO|F[I]XME|H[A]CK|X[X]X)\b")]
    private static partial Regex UnfinishedWords();

    [GeneratedRegex(
        @"(?<![\w.}])/(home|root|work|Users|mnt|media|tmp/\w+)/|\b[A-Z]:\\\w"
        + @"|api\.n[u]get\.org|/v3/i[n]dex\.json|\b(jf[r]og|artif[a]ctory|pkgs\.dev\.a[z]ure)\b")]
    private static partial Regex MachineWords();

    [GeneratedRegex(@"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
