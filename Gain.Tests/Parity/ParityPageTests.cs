using System.Text.RegularExpressions;

namespace Gain.Tests.Parity;

/// <summary>The page that says where each test and member of the original is in Gain has them all.</summary>
public sealed partial class ParityPageTests
{
    private const string Page = "docs/parity.md";

    [TestCase("original-tests.txt")]
    [TestCase("original-api.txt")]
    public void Every_name_of_the_original_has_one_row(string names)
    {
        string[] wanted = SourceTree.Read($"Gain.Tests/Parity/{names}")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] rows = [.. RowName().Matches(SourceTree.Read(Page)).Select(match => match.Groups[1].Value)];

        Assert.That(wanted, Is.Not.Empty);
        Assert.That(
            wanted.Where(name => rows.Count(row => row == name) != 1),
            Is.Empty,
            "names without a row of their own, or with several");
    }

    [Test]
    public void Every_row_says_what_the_original_has()
    {
        string[] known =
        [
            .. from file in new[] { "original-tests.txt", "original-api.txt" }
               from name in SourceTree.Read($"Gain.Tests/Parity/{file}")
                   .Split('\n', StringSplitOptions.RemoveEmptyEntries)
               select name,
        ];
        IEnumerable<string> rows =
            RowName().Matches(SourceTree.Read(Page)).Select(match => match.Groups[1].Value);

        Assert.That(rows.Except(known), Is.Empty);
    }

    [Test]
    public void Every_row_of_a_test_names_a_test_of_ours()
    {
        HashSet<string> names =
        [
            .. SourceTree.Read("Gain.Tests/Parity/original-tests.txt")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries),
        ];
        IEnumerable<string> without = SourceTree.Read(Page)
            .Split('\n')
            .Where(line => RowName().Match(line) is { Success: true } match
                && names.Contains(match.Groups[1].Value)
                && !NamedTest().IsMatch(line));

        Assert.That(without, Is.Empty);
    }

    // What is not needed or the same as another row may go without; a reader is told so.
    [Test]
    public void Every_row_of_a_member_names_a_test_of_ours_or_says_why_not()
    {
        IEnumerable<string> without = SourceTree.Read(Page)
            .Split('\n')
            .Where(line => RowName().IsMatch(line)
                && !NamedTest().IsMatch(line)
                && !line.Contains("| as `")
                && !line.Contains("| not needed: "));

        Assert.That(without, Is.Empty);
    }

    [Test]
    public void Members_of_ours_that_it_names_exist()
    {
        (string Type, string Member)[] named =
        [
            .. from match in NamedMember().Matches(SourceTree.Read(Page))
               select (match.Groups[1].Value, match.Groups[2].Value),
        ];
        Assert.That(named, Is.Not.Empty);
        Assert.That(
            named.Where(name => typeof(GainServer).Assembly.GetType($"Gain.{name.Type}") is not { } type
                || type.GetMember(name.Member).Length == 0),
            Is.Empty);
    }

    [Test]
    public void Code_on_it_is_that_of_a_test()
    {
        string page = SourceTree.Read(Page);
        string code = Fence().Match(page).Groups[1].Value;
        string indented = string.Join(
            '\n', code.Split('\n').Select(line => line.Length == 0 ? line : $"    {line}"));

        Assert.That(code, Is.Not.Empty);
        Assert.That(SourceTree.Read("Gain.Tests/Parity/BodyProtocol.cs"), Does.Contain(indented));
    }

    // The first cell of a row.
    [GeneratedRegex("^\\| `([A-Za-z0-9_.]+)` \\|", RegexOptions.Multiline)]
    private static partial Regex RowName();

    [GeneratedRegex("`(Gain[A-Za-z]+|(?:Connection|Datagram|Socket)[A-Za-z]*)\\.([A-Za-z]+)[`(]")]
    private static partial Regex NamedMember();

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("`[A-Za-z]+Tests\\.[A-Za-z_0-9]+`")]
    private static partial Regex NamedTest();
}
