namespace Gain.Tests.Repository;

/// <summary>
/// Functions do not get longer than 60 lines. Those that were when this was written are in a list with their
/// lengths, which may only shrink.
/// </summary>
public sealed class FunctionLengthTests
{
    private const string List = "Gain.Tests/Repository/long-functions.txt";

    private static readonly Lazy<Dictionary<string, int>> s_allowed = new(Allowed);
    private static readonly Lazy<Dictionary<string, int>> s_found = new(LongFunctions);

    [Test]
    public void No_function_is_long_that_was_not_and_none_has_grown() => Assert.That(
        s_found.Value
            .Where(function => function.Value > s_allowed.Value.GetValueOrDefault(function.Key))
            .Select(function => $"{function.Value} {function.Key}"),
        Is.Empty,
        $"a function has at most {SourceRules.MaxFunctionLines} lines, or those that {List} allows it");

    [Test]
    public void What_has_become_shorter_stays_so() => Assert.That(
        s_allowed.Value
            .Where(function => function.Value > s_found.Value.GetValueOrDefault(function.Key))
            .Select(function => $"{function.Value} {function.Key}"),
        Is.Empty,
        $"{List} allows more than there is: lower it, or take the line out");

    [Test]
    public void A_function_is_as_long_as_from_its_first_line_to_its_last()
    {
        string lines = string.Concat(Enumerable.Repeat("    M();\n", SourceRules.MaxFunctionLines - 3));
        string longest = $"class A\n{{\n// Not of it.\nvoid B()\n{{\n{lines}}}\n}}";
        Assert.That(SourceRules.LongFunctions(longest), Is.Empty);
        Assert.That(
            SourceRules.LongFunctions(longest.Replace("void B()", "void B(\n)", StringComparison.Ordinal)),
            Is.EqualTo(new[] { ("A.B", SourceRules.MaxFunctionLines + 1) }));
    }

    // Lines "length type.function": a file may move.
    private static Dictionary<string, int> Allowed() =>
        SourceTree.Read(List).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 2))
            .ToDictionary(parts => parts[1], parts => int.Parse(parts[0], null));

    private static Dictionary<string, int> LongFunctions() =>
        SourceTree.CSharpFiles()
            .SelectMany(path => SourceRules.LongFunctions(SourceTree.Read(path)))
            .GroupBy(function => function.Name)
            .ToDictionary(same => same.Key, same => same.Max(function => function.Lines));
}
