using System.Reflection;
using System.Text.RegularExpressions;
using Gain.Uring;

namespace Gain.Tests.Uring;

/// <summary>docs/liburing.md names every public name of liburing's header, and members that exist.</summary>
[TestFixture]
internal sealed partial class LiburingDocumentTests
{
    // Whose member has another name than the function, for a reason that its row gives.
    private static readonly string[] s_renamed = ["io_uring_prep_cancel64"];

    [Test]
    public void It_has_a_row_for_each_name_and_no_other() =>
        Assert.That(Rows().Select(row => row.Name), Is.EquivalentTo(LiburingNames.All));

    [Test]
    public void The_list_is_whole()
    {
        Assert.That(LiburingNames.All, Has.Length.EqualTo(246));
        Assert.That(LiburingNames.All, Is.Unique.And.All.StartsWith("io_uring_"));
    }

    [TestCaseSource(nameof(Rows))]
    public void It_names_a_member_or_says_why_there_is_none(Row row)
    {
        if (row.Member == "not needed")
        {
            Assert.That(row.Note, Has.Length.GreaterThan(20));
            return;
        }

        string[] parts = row.Member.Trim('`').Split('.');
        Type? type = typeof(Ring).Assembly.GetType($"Gain.Uring.{parts[0]}");
        Assert.That(type, Is.Not.Null, row.Member);
        Assert.That(type!.IsPublic);
        if (parts.Length > 1)
        {
            Assert.That(type.GetMember(parts[1], BindingFlags.Public | BindingFlags.Instance
                | BindingFlags.Static), Is.Not.Empty, row.Member);
        }
    }

    [TestCaseSource(nameof(Rows))]
    public void Members_that_its_notes_name_exist(Row row)
    {
        foreach (Match match in Member().Matches(row.Note))
        {
            Type? type = typeof(Ring).Assembly.GetType($"Gain.Uring.{match.Groups[1].Value}");
            if (type is not null)
            {
                Assert.That(type.GetMember(match.Groups[2].Value), Is.Not.Empty, match.Value);
            }
        }
    }

    [Test]
    public void Operations_have_the_names_that_liburing_gives_them() => Assert.Multiple(() =>
    {
        foreach (Row row in Rows())
        {
            if (row.Name.StartsWith("io_uring_prep_", StringComparison.Ordinal)
                && !s_renamed.Contains(row.Name))
            {
                string ours = row.Member.Trim('`').Split('.')[^1];
                string theirs = row.Name["io_uring_".Length..].Replace("_", "", StringComparison.Ordinal);
                Assert.That(ours, Is.EqualTo(theirs).IgnoreCase, row.Name);
            }
        }
    });

    private static IEnumerable<Row> Rows() =>
        from line in SourceTree.Read("docs/liburing.md").Split('\n')
        where line.StartsWith("| `io_uring_", StringComparison.Ordinal)
        let cells = line.Split('|').Select(cell => cell.Trim()).ToArray()
        select new Row(cells[1].Trim('`'), cells[2], cells[3]);

    [GeneratedRegex(@"`([A-Z]\w+)\.(\w+)`")]
    private static partial Regex Member();

    internal sealed record Row(string Name, string Member, string Note)
    {
        public override string ToString() => Name;
    }
}
