using System.Text.RegularExpressions;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>The page of a rule in docs/rules, and the code on it.</summary>
internal sealed partial class RulePage(string id)
{
    /// <summary>The headings that every page has, in this order.</summary>
    public static readonly string[] Headings = ["Cause", "Bad", "Good", "When to suppress"];

    public string Path => $"docs/rules/{id}.md";

    public string Text => SourceTree.Read(Path);

    public string[] Sections =>
        [.. HeadingLine().Matches(Text).Select(heading => heading.Groups[1].Value)];

    /// <summary>The C# code under a heading; each block is a file that compiles.</summary>
    public string[] CodeUnder(string heading)
    {
        string section = Text.Split($"\n## {heading}\n")[1].Split("\n## ")[0];
        return [.. CodeBlock().Matches(section).Select(block => block.Groups[1].Value)];
    }

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex HeadingLine();

    [GeneratedRegex(@"^```csharp\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
