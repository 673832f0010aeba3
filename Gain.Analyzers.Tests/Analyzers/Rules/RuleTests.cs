using Gain.Analyzers.Usage;
using System.Globalization;
using System.Reflection;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>What holds for every rule: its number, its page, its release entry, and its tests.</summary>
public sealed class RuleTests
{
    private static readonly string[] s_ids = [.. RuleSet.Descriptors.Select(rule => rule.Id).Distinct()];

    private static readonly Dictionary<char, (string Category, string Severities)> s_ranges = new()
    {
        ['0'] = (RuleCategory.Usage, "Error"),
        ['1'] = (RuleCategory.Allocation, "Warning Info"),
        ['2'] = (RuleCategory.Blocking, "Warning Info"),
        ['3'] = (RuleCategory.Lifetime, "Warning Info"),
    };

    [Test]
    public void There_are_rules_and_each_id_is_one_rules() =>
        Assert.That(RuleSet.Descriptors.Select(rule => rule.Id), Is.Unique.And.Not.Empty);

    [TestCaseSource(nameof(s_ids))]
    public void Number_tells_the_category_and_the_severity(string id)
    {
        DiagnosticDescriptor rule = RuleSet.Descriptors.Single(one => one.Id == id);

        Assert.That(id, Does.Match("^GAIN[0-3][0-9]{3}$"));
        Assert.That(rule.Category, Is.EqualTo(s_ranges[id[4]].Category));
        Assert.That(s_ranges[id[4]].Severities.Split(' '), Does.Contain(rule.DefaultSeverity.ToString()));
        Assert.That(rule.IsEnabledByDefault, Is.True);
    }

    [TestCaseSource(nameof(s_ids))]
    public void Help_link_leads_to_a_page_with_every_section(string id)
    {
        DiagnosticDescriptor rule = RuleSet.Descriptors.Single(one => one.Id == id);
        var page = new RulePage(id);

        Assert.That(rule.HelpLinkUri, Is.EqualTo(Rule.TreeAddress + page.Path));
        Assert.That(SourceTree.Exists(page.Path), Is.True, $"{page.Path} is missing");
        Assert.That(page.Sections, Is.EqualTo(RulePage.Headings));
        string title = rule.Title.ToString(CultureInfo.InvariantCulture);
        Assert.That(page.Text, Does.StartWith($"# {id}: {title}\n"));
        Assert.That(page.Text, Does.Contain($"dotnet_diagnostic.{id}.severity"));
    }

    [TestCaseSource(nameof(s_ids))]
    public async Task Bad_code_of_the_page_is_reported_and_the_good_is_not(string id)
    {
        var page = new RulePage(id);
        Assert.That(page.CodeUnder("Bad"), Is.Not.Empty);
        Assert.That(page.CodeUnder("Good"), Is.Not.Empty);

        foreach (string bad in page.CodeUnder("Bad"))
        {
            string[] found = await RuleCompilation.IdsOf(bad);
            Assert.That(found.Where(one => Concerns(one, id)).Distinct(), Is.EqualTo([id]), bad);
        }

        foreach (string good in page.CodeUnder("Good"))
        {
            string[] found = await RuleCompilation.IdsOf(good);
            Assert.That(found.Where(one => Concerns(one, id)), Is.Empty, good);
        }
    }

    // A page about the shape of a handler may let it write to the console, which later categories report.
    // GAIN0014 says in words what CS0315 says as well.
    private static bool Concerns(string found, string id) =>
        (found, id) is not ("CS0315", MissingProtocolAnalyzer.Id)
        && (!found.StartsWith("GAIN", StringComparison.Ordinal) || found[4] <= id[4]);

    [TestCaseSource(nameof(s_ids))]
    public void Release_notes_have_an_entry(string id)
    {
        DiagnosticDescriptor rule = RuleSet.Descriptors.Single(one => one.Id == id);
        string[] rows =
        [
            .. from file in new[] { "Shipped", "Unshipped" }
               from line in SourceTree.Read($"Gain.Analyzers/AnalyzerReleases.{file}.md").Split('\n')
               where line.StartsWith($"{id} ", StringComparison.Ordinal)
               select line,
        ];

        Assert.That(rows, Has.Length.EqualTo(1));
        string[] cells = [.. rows[0].Split('|').Select(cell => cell.Trim())];
        Assert.That(cells[1], Is.EqualTo(rule.Category));
        Assert.That(cells[2], Is.EqualTo(rule.DefaultSeverity.ToString()));
    }

    [TestCaseSource(nameof(s_ids))]
    public void One_test_sees_it_report_and_one_sees_it_silent(string id)
    {
        MethodInfo[] tests =
        [
            .. from type in typeof(RuleTests).Assembly.GetTypes()
               from method in type.GetMethods()
               where method.IsDefined(typeof(TestAttribute)) || method.IsDefined(typeof(TestCaseAttribute))
                   || method.IsDefined(typeof(TestCaseSourceAttribute))
               select method,
        ];

        Assert.That(
            tests.SelectMany(test => test.GetCustomAttributes<ReportsAttribute>()).Select(one => one.Id),
            Does.Contain(id), "no test has [Reports]");
        Assert.That(
            tests.SelectMany(test => test.GetCustomAttributes<AllowsAttribute>()).Select(one => one.Id),
            Does.Contain(id), "no test has [Allows]");
    }

    [Test]
    public void Every_page_is_a_rules()
    {
        string[] pages =
        [
            .. SourceTree.Files("docs/rules").Select(path => Path.GetFileNameWithoutExtension(path))
                .Where(name => name.StartsWith("GAIN", StringComparison.Ordinal)),
        ];
        Assert.That(pages, Is.EquivalentTo(s_ids));
    }

    [Test]
    public void Every_fix_can_be_applied_to_a_whole_solution_and_is_a_rules()
    {
        Assert.That(RuleSet.Fixes, Is.Not.Empty);
        foreach (CodeFixProvider fix in RuleSet.Fixes)
        {
            Assert.That(fix.FixableDiagnosticIds, Is.Not.Empty.And.SubsetOf(s_ids), fix.ToString());
            Assert.That(
                fix.GetFixAllProvider()?.GetSupportedFixAllScopes(), Does.Contain(FixAllScope.Solution),
                fix.ToString());
        }
    }
}
