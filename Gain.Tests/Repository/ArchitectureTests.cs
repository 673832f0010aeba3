using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>The table "may use" of docs/ARCHITECTURE.md holds in Gain.Runtime.</summary>
public class ArchitectureTests
{
    private static readonly string[] s_folders = [.. FolderRules.MayUse.Keys];

    [TestCaseSource(nameof(s_folders))]
    public void Folder_uses_only_the_folders_below_it(string folder) =>
        AssertNone(folder, text => FolderRules.ForbiddenFolders(folder, text));

    [TestCaseSource(nameof(s_folders))]
    public void Folder_calls_the_system_only_where_it_may(string folder) =>
        AssertNone(folder, text => FolderRules.ForbiddenCalls(folder, text));

    [TestCaseSource(nameof(s_folders))]
    public void Folder_uses_only_its_part_of_the_public_face(string folder)
    {
        HashSet<string> rootTypes = RootTypes();
        AssertNone(folder, text => FolderRules.ForbiddenRootTypes(folder, text, rootTypes));
    }

    [Test]
    public void Root_makes_no_system_calls() => Assert.That(
        from path in RootFiles()
        from fault in FolderRules.ForbiddenCalls("the root", SourceTree.Read(path))
        select $"{path}:{fault}",
        Is.Empty);

    [Test]
    public void Every_folder_is_in_the_table()
    {
        IEnumerable<string> folders = SourceTree.CSharpFiles("Gain.Runtime")
            .Where(path => path.Count(c => c == '/') > 1)
            .Select(path => path.Split('/')[1])
            .Append("Uring")
            .Distinct();
        Assert.That(folders, Is.EquivalentTo(s_folders));
        Assert.That(FolderRules.MayUseOfRoot.Keys, Is.EquivalentTo(s_folders));
    }

    [TestCaseSource(nameof(s_folders))]
    public void Architecture_document_has_the_same_table(string folder)
    {
        string? row = SourceTree.Read("docs/ARCHITECTURE.md").Split('\n')
            .SingleOrDefault(line => line.StartsWith($"| `{folder}/` |", StringComparison.Ordinal));
        Assert.That(row, Is.Not.Null, "docs/ARCHITECTURE.md has no row for it");
        string[] cells = [.. row!.Split('|').Select(cell => cell.Trim())];
        string[] named =
            [.. s_folders.Where(other => cells[3].Contains($"`{other}`", StringComparison.Ordinal))];
        Assert.That(named, Is.EquivalentTo(FolderRules.MayUse[folder]), cells[3]);
        string calls = FolderRules.MayCall.Contains(folder) ? "yes" : "no";
        Assert.That(cells[4], Is.EqualTo(calls), "system calls");
    }

    [TestCase("using Gain.Workers;")]
    [TestCase("using static Gain.Workers.Token;")]
    [TestCase("using T = Gain.Workers.Token;")]
    [TestCase("class C { int x = Gain.Workers.Token.MaxSlots; }")]
    [TestCase("class C { global::Gain.Workers.Operation x; }")]
    [TestCase("class C { int x = Workers.Token.MaxSlots; }")]
    [TestCase("class C { Workers.Operation x; }")]
    public void Planted_use_of_a_higher_folder_is_found(string text) => Assert.That(
        FolderRules.ForbiddenFolders("Rings", text), Is.EqualTo(["1: Rings may not use Workers"]));

    [TestCase("using Gain.Kernel; namespace Gain.Rings; class C { int x = Kernel.Errno.EIO; }")]
    [TestCase("using System.Net; class C { object x = System.Net.IPAddress.Any; }")]
    [TestCase("class C { int Workers => options.Workers.Length; }")]
    [TestCase("namespace Gain.Workers; class C;")]
    [TestCase("/// <summary>See <see cref=\"Workers.Token\"/>, Gain.Workers.Token.</summary>\nclass C;")]
    public void What_is_allowed_is_not_reported(string text) =>
        Assert.That(FolderRules.ForbiddenFolders("Rings", text), Is.Empty);

    [Test]
    public void Planted_system_call_is_found()
    {
        const string Text = "class C { int x = Kernel.Libc.Close(1); }";
        Assert.That(FolderRules.ForbiddenCalls("Workers", Text), Has.Exactly(1).Items);
        Assert.That(FolderRules.ForbiddenCalls("Net", Text), Is.Empty);
        Assert.That(FolderRules.ForbiddenCalls("Workers", "class C { int x = Kernel.Errno.EIO; }"), Is.Empty);
    }

    [TestCase("class C { GainServer x; }", 1)]
    [TestCase("class C { Gain.GainServer x; }", 1)]
    [TestCase("class C { void M() => GainServer.Start(1); }", 1)]
    [TestCase("class C { int M() => x.GainServer; }", 0)]
    [TestCase("class C { GainException x; }", 0)]
    public void Planted_use_of_the_public_face_is_found(string text, int count) => Assert.That(
        FolderRules.ForbiddenRootTypes("Net", text, RootTypes()), Has.Exactly(count).Items);

    private static IEnumerable<string> RootFiles() =>
        SourceTree.CSharpFiles("Gain.Runtime").Where(path => path.Count(c => c == '/') == 1);

    private static HashSet<string> RootTypes()
    {
        HashSet<string> types =
        [
            .. RootFiles()
                .SelectMany(path => SourceRules.Parse(SourceTree.Read(path)).DescendantNodes())
                .OfType<BaseTypeDeclarationSyntax>()
                .Select(type => type.Identifier.Text),
        ];
        Assert.That(types, Does.Contain(nameof(GainServer)).And.Contain(nameof(CloseReason)));
        return types;
    }

    private static void AssertNone(string folder, Func<string, IEnumerable<string>> rule)
    {
        string[] files = [.. FolderRules.PathsOf(folder).SelectMany(SourceTree.CSharpFiles)];
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
