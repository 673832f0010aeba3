using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>The table "may use" of docs/ARCHITECTURE.md holds in Gain.Runtime.</summary>
public class ArchitectureTests
{
    private static readonly string[] s_folders = [.. FolderRules.MayUse.Keys];

    private static readonly Lazy<IReadOnlyDictionary<string, string>> s_types =
        new(FolderRules.FoldersOfTypes);

    [TestCaseSource(nameof(s_folders))]
    public void Folder_uses_only_the_folders_below_it(string folder) =>
        AssertNone(folder, text => FolderRules.ForbiddenTypes(folder, text, s_types.Value));

    [TestCaseSource(nameof(s_folders))]
    public void Folder_calls_the_system_only_where_it_may(string folder) =>
        AssertNone(folder, text => FolderRules.ForbiddenCalls(folder, text));

    [Test]
    public void Every_folder_is_in_the_table() => Assert.That(
        s_types.Value.Values.Distinct(), Is.EquivalentTo(s_folders));

    [Test]
    public void A_folder_may_use_only_what_stands_before_it()
    {
        for (int i = 0; i < s_folders.Length; i++)
        {
            Assert.That(FolderRules.MayUse[s_folders[i]], Is.SubsetOf(s_folders[..i]), s_folders[i]);
        }
    }

    [TestCaseSource(nameof(s_folders))]
    public void Architecture_document_has_the_same_table(string folder)
    {
        string? row = SourceTree.Read("docs/ARCHITECTURE.md").Split('\n')
            .SingleOrDefault(line => line.StartsWith($"| {RowOf(folder)} |", StringComparison.Ordinal));
        Assert.That(row, Is.Not.Null, "docs/ARCHITECTURE.md has no row for it");
        string[] cells = [.. row!.Split('|').Select(cell => cell.Trim())];
        string[] named =
            [.. s_folders.Where(other => cells[3].Contains($"`{other}`", StringComparison.Ordinal))];
        Assert.That(named, Is.EquivalentTo(FolderRules.MayUse[folder]), cells[3]);
        string calls = FolderRules.MayCall.Contains(folder) ? "yes" : "no";
        Assert.That(cells[4], Is.EqualTo(calls), "system calls");
    }

    [Test]
    public void A_slots_flags_are_named_by_the_slot_alone() => Assert.That(
        from path in SourceTree.CSharpFiles("Gain.Runtime")
        where !path.StartsWith("Gain.Runtime/Slots/Slot", StringComparison.Ordinal)
            && SourceTree.Read(path).Contains(nameof(Gain.Slots.SlotFlags), StringComparison.Ordinal)
        select path,
        Is.Empty);

    [TestCase("class C { int x = Gain.CompilerServices.Token.MaxSlots; }")]
    [TestCase("class C { global::Gain.CompilerServices.Token x; }")]
    [TestCase("class C { int x = CompilerServices.Token.MaxSlots; }")]
    [TestCase("class C { int x = Token.MaxSlots; }")]
    [TestCase("class C { void M() => N<Token>(typeof(int)); }")]
    public void Planted_use_of_a_higher_folder_is_found(string text) => Assert.That(
        FolderRules.ForbiddenTypes("Rings", text, s_types.Value),
        Is.EqualTo(["1: Rings may not use Token, which is in CompilerServices"]));

    [TestCase("using Gain.Kernel; namespace Gain.Rings; class C { int x = Kernel.Errno.EIO; }")]
    [TestCase("class C { int M() => x.Token; }")]
    [TestCase("class C { int Token => options.Token.Length; }")]
    [TestCase("class C { object M() => new T { Token = 1 }; }")]
    [TestCase("/// <summary>See <see cref=\"CompilerServices.Token\"/>.</summary>\nclass C;")]
    public void What_is_allowed_is_not_reported(string text) =>
        Assert.That(FolderRules.ForbiddenTypes("Rings", text, s_types.Value), Is.Empty);

    [Test]
    public void Planted_system_call_is_found()
    {
        const string Text = "class C { int x = Kernel.Libc.Close(1); }";
        Assert.That(FolderRules.ForbiddenCalls("Workers", Text), Has.Exactly(1).Items);
        Assert.That(FolderRules.ForbiddenCalls("Sockets", Text), Is.Empty);
        Assert.That(FolderRules.ForbiddenCalls("Workers", "class C { int x = Kernel.Errno.EIO; }"), Is.Empty);
    }

    private static string RowOf(string folder) => folder == FolderRules.Root ? "(root)" : $"`{folder}/`";

    private static void AssertNone(string folder, Func<string, IEnumerable<string>> rule)
    {
        string[] files = [.. FolderRules.FilesOf(folder)];
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
