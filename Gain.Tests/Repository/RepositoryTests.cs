using System.Globalization;
using System.Reflection;

namespace Gain.Tests.Repository;

/// <summary>What holds for every file of the repository.</summary>
public class RepositoryTests
{
    private static readonly string[] s_waitless =
        ["Gain.Tests/", "Gain.Server.Tests/", "Gain.Analyzers.Tests/", "Gain.Package.Tests/", "Gain.Runtime/",
        "Gain.Uring/", "extensions/"];

    // Small protocols stand beside the test that they are for.
    private static readonly string[] s_testProjects =
        ["Gain.Tests/", "Gain.Server.Tests/", "Gain.Analyzers.Tests/", "Gain.Package.Tests/"];

    private static readonly string[] s_unexplained =
    [
        "7: d is a pointer without a SAFETY note",
        "10: e is a pointer without a SAFETY note",
        "17: i is a pointer without a SAFETY note",
    ];

    // Locked memory that the kernel gives back late has no event to wait for.
    private static readonly string[] s_mayWait = ["Gain.Uring/KernelRingCalls.cs"];
    private static readonly string[] s_textFiles =
        [".cs", ".csproj", ".props", ".targets", ".md", ".json", ".config", ".sln", ".txt", ".sh", "/run"];

    [Test]
    public void Lines_are_short() => AssertNone(SourceTree.CSharpFiles(), SourceRules.LongLines);

    [Test]
    public void Nothing_is_left_to_implement() =>
        AssertNone(SourceTree.CSharpFiles(), SourceRules.NotImplemented);

    [Test]
    public void Nothing_is_marked_as_unfinished() =>
        AssertNone(SourceTree.CSharpFiles(), SourceRules.UnfinishedWork);

    [Test]
    public void Nothing_sleeps() => AssertNone(
        SourceTree.CSharpFiles().Where(path => s_waitless.Any(path.StartsWith)).Except(s_mayWait),
        SourceRules.Sleeps);

    [Test]
    public void Nothing_is_swallowed_without_a_reason() =>
        AssertNone(SourceTree.CSharpFiles(), SourceRules.EmptyCatches);

    [Test]
    public void Every_pointer_says_who_owns_its_memory() => AssertNone(
        SourceTree.CSharpFiles("Gain.Runtime").Concat(SourceTree.CSharpFiles("Gain.Uring")),
        SourceRules.UnexplainedPointers);

    [Test]
    public void Namespaces_are_file_scoped() =>
        AssertNone(SourceTree.CSharpFiles(), SourceRules.BlockNamespaces);

    [Test]
    public void A_file_holds_one_type() => AssertNone(
        SourceTree.CSharpFiles().Where(path => !s_testProjects.Any(path.StartsWith)),
        SourceRules.FurtherTypes);

    [Test]
    public void No_machine_is_named() => AssertNone(
        SourceTree.Files().Where(path => s_textFiles.Any(path.EndsWith)), SourceRules.MachineNames);

    [Test]
    public void Links_lead_to_files()
    {
        string[] documents =
            [.. SourceTree.Files().Where(path => path.EndsWith(".md", StringComparison.Ordinal))];
        Assert.That(documents, Does.Contain("README.md").And.Contain("docs/ARCHITECTURE.md"));

        string[] dead =
        [
            .. from document in documents
               from target in SourceRules.LinkedFiles(SourceTree.Read(document))
               where !SourceTree.Exists(Path.Combine(Path.GetDirectoryName(document)!, target))
               select $"{document}: {target}",
        ];
        Assert.That(dead, Is.Empty);
    }

    [TestCaseSource(nameof(Options))]
    public void Page_of_options_states_key_and_default_of(string key, object? value)
    {
        string expected = value switch
        {
            // It depends on the machine.
            int when key == nameof(GainOptions.WorkerCount) => "CPUs",
            int number => number.ToString("N0", CultureInfo.InvariantCulture),
            bool flag => flag ? "true" : "false",
            TimeSpan time when time == Timeout.InfiniteTimeSpan => "infinite",
            TimeSpan time => $"{time.TotalSeconds:0.###} s",
            null => "none",
            System.Collections.ICollection { Count: 0 } => "none",
            _ => value.ToString()!,
        };
        string? row = SourceTree.Read("docs/options.md").Split('\n')
            .SingleOrDefault(line => line.StartsWith($"| `{key}` |", StringComparison.Ordinal));
        Assert.That(row, Is.Not.Null, "docs/options.md has no row for it");
        Assert.That(row!.Split('|')[2].Trim(), Is.EqualTo(expected));
    }

    [Test]
    public void Page_of_options_names_no_option_that_does_not_exist()
    {
        string[] keys = [.. Options().Select(option => (string)option.Arguments[0]!)];
        string[] rows =
        [
            .. from line in SourceTree.Read("docs/options.md").Split('\n')
               where line.StartsWith("| `", StringComparison.Ordinal)
               select line.Split('`')[1],
        ];
        string[] byCode = [nameof(GainOptions.Logger), nameof(GainOptions.MeterFactory)];
        Assert.That(rows, Is.EquivalentTo([.. keys, .. byCode]));
    }

    [Test]
    public void Page_of_handlers_lists_the_callbacks_that_exist()
    {
        string[] rows =
        [
            .. from line in SourceTree.Read("docs/handlers.md").Split('\n')
               where line.StartsWith("| `On", StringComparison.Ordinal)
               select line.Split('`')[1],
        ];
        string[] callbacks = [.. Enum.GetNames<Generators.Models.CallbackKind>().Select(kind => $"On{kind}")];
        Assert.That(rows, Is.EquivalentTo(callbacks));
    }

    [Test]
    public void Planted_violations_are_found()
    {
        string longest = new('x', SourceRules.MaxColumns);
        Assert.Multiple(() =>
        {
            Assert.That(SourceRules.LongLines($"a\n{longest}\n{longest}x\n"), Is.EqualTo(["3: 111 columns"]));
            Assert.That(SourceRules.UnfinishedWork("a\n// TO" + "DO: b"), Is.EqualTo(["2: TO" + "DO"]));
            Assert.That(SourceRules.UnfinishedWork("var toDo = Hacks;"), Is.Empty);
            Assert.That(
                SourceRules.NotImplemented("class C { void M() => throw new NotImplementedException(); }"),
                Has.Exactly(1).Items);
            Assert.That(SourceRules.NotImplemented("// No NotImplementedException is thrown."), Is.Empty);
            Assert.That(SourceRules.Sleeps("System.Threading.Thread.Sleep(1);"), Has.Exactly(1).Items);
            Assert.That(SourceRules.Sleeps("await Task.Delay(1);"), Has.Exactly(1).Items);
            Assert.That(SourceRules.Sleeps("// Never Task.Delay(1).\nTask.Yield();"), Is.Empty);
            Assert.That(SourceRules.EmptyCatches("try { M(); } catch { }"), Has.Exactly(1).Items);
            Assert.That(
                SourceRules.EmptyCatches("try { M(); } catch (E) when (a)\n{\n}"), Has.Exactly(1).Items);
            Assert.That(SourceRules.EmptyCatches("try { M(); } catch { /* It is gone. */ }"), Is.Empty);
            Assert.That(
                SourceRules.UnexplainedPointers("""
                    unsafe struct A
                    {
                        // SAFETY: the caller's.
                        byte* b;
                        byte* c;

                        byte* d;

                        // The caller's.
                        delegate*<void> e;
                        int f;

                        // SAFETY: the caller's.
                        [FieldOffset(1)]
                        byte* g;
                        void H() { }
                        byte* i;
                    }
                    """),
                Is.EqualTo(s_unexplained));
            Assert.That(SourceRules.BlockNamespaces("namespace A\n{\n}"), Has.Exactly(1).Items);
            Assert.That(SourceRules.BlockNamespaces("namespace A;"), Is.Empty);
            Assert.That(
                SourceRules.FurtherTypes("namespace A;\nclass B { class C; }\nenum D { E }"),
                Is.EqualTo(["3: D is a further type of the file"]));
            Assert.That(SourceRules.FurtherTypes("class B { class C; }\nclass B<T>;"), Is.Empty);
            Assert.That(SourceRules.MachineNames("see /ho" + "me/someone/notes"), Has.Exactly(1).Items);
            Assert.That(SourceRules.MachineNames("https://api.nu" + "get.org"), Has.Exactly(1).Items);
            Assert.That(SourceRules.MachineNames("/proc/self/fd, /usr/include, a/wo" + "rk/b"), Is.Empty);
            Assert.That(
                SourceRules.LinkedFiles(
                    "[a](b.md#c) [d](https://e.org/f) [g](#h) `[i](j)`\n```\n[k](l)\n```\n"),
                Is.EqualTo(["b.md"]));
        });
    }

    [Test]
    public void The_files_are_found()
    {
        Assert.That(
            SourceTree.CSharpFiles("Gain.Runtime"),
            Does.Contain("Gain.Runtime/Workers/Worker.cs").And.All.Not.Contain("/obj/"));
        Assert.That(SourceTree.Files(), Does.Contain("Directory.Packages.props"));
    }

    private static IEnumerable<TestCaseData> Options()
    {
        var options = new GainOptions();
        return
        [
            .. OptionsOf(options, ""),
            .. ConfigurationPlan.Groups(typeof(GainOptions))
                .SelectMany(group => OptionsOf(group.GetValue(options)!, $"{group.Name}:")),
        ];
    }

    private static IEnumerable<TestCaseData> OptionsOf(object owner, string prefix) =>
        from option in owner.GetType().GetProperties().Except(ConfigurationPlan.Groups(owner.GetType()))
        let key = prefix + option.Name
        select new TestCaseData(key, option.GetValue(owner)).SetArgDisplayNames(key);

    private static void AssertNone(IEnumerable<string> paths, Func<string, IEnumerable<string>> rule)
    {
        string[] files = [.. paths];
        Assert.That(files, Is.Not.Empty, "nothing was checked");
        string[] faults =
        [
            .. from path in files
               from fault in rule(SourceTree.Read(path))
               select $"{path}:{fault}",
        ];
        Assert.That(faults, Is.Empty, string.Join('\n', faults));
    }
}
