using Gain.MutationTester;

namespace Gain.Tests.Tools;

/// <summary>Which tests judge a mutant, in which process.</summary>
public sealed class TestPlanTests
{
    private const string Engine = "Gain.Tests.Workers.WorkerErrorTests.a";
    private const string Server = "Gain.Tests.Server.HoldTests(Epoll).b";
    private const string Tls = "Gain.Tls.Tests.Server.StartTlsTests(Epoll,Sharding).c";
    private const string Generator = "Gain.Tests.Generator.SnapshotTests.d";

    [Test]
    public void A_plan_runs_in_each_project_that_has_tests_of_it()
    {
        var plan = new TestPlan(
            [[Named(Engine), Named(Engine + "2")], [Named(Tls)], [Named(Server), Named(Engine + "3")]]);
        string[] parts =
        [
            .. plan.ByProject().Select(part =>
                $"{part.Project}: {string.Join(" | ", part.Plan.Groups.Select(Names))}"),
        ];
        Assert.That(parts, Is.EqualTo(new[]
        {
            $"Gain.Tests: {Engine} {Engine}2 | {Engine}3",
            $"extensions/Gain.Tls.Tests: {Tls}",
            $"Gain.Server.Tests: {Server}",
        }));
    }

    [TestCase(Engine, "Gain.Tests")]
    [TestCase(Server, "Gain.Server.Tests")]
    [TestCase(Tls, "extensions/Gain.Tls.Tests")]
    [TestCase(Generator, "Gain.Analyzers.Tests")]
    public void A_test_is_of_the_project_of_its_namespace(string test, string project) =>
        Assert.That(FixtureTable.ProjectOf(test), Is.EqualTo(project));

    [Test]
    public void Every_namespace_of_the_table_has_fixtures_in_its_project()
    {
        string root = SourceTree.Root;
        foreach (string space in FixtureTable.NamespacesOf(FixtureTable.Folders.Keys))
        {
            string folder = Path.Combine(root, FixtureTable.ProjectOf(space));
            bool isThere = Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories)
                .Any(path => File.ReadAllText(path).Contains($"namespace {space};\n"));
            Assert.That(isThere, $"{space} in {folder}");
        }
    }

    [Test]
    public void Layers_are_judged_by_servers_that_have_one()
    {
        foreach (string folder in new[] { "Layers", "Workers", "Writing" })
        {
            Assert.That(
                FixtureTable.NamespacesOf([$"Gain.Runtime/{folder}"]), Does.Contain("Gain.Tls.Tests.Server"));
        }
    }

    private static string Names(IReadOnlyList<ReachedTest> group) =>
        string.Join(' ', group.Select(test => test.Name));

    private static ReachedTest Named(string name) => new(name, 1, "Passed", [5]);
}
