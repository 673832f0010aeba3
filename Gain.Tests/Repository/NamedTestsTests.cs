using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Gain.Tests.Repository;

/// <summary>What documents say of tests is true: those that they name exist, in whichever project.</summary>
public sealed partial class NamedTestsTests
{
    private static readonly Lazy<HashSet<string>> s_existing = new(FindTests);

    [TestCase("docs/robustness.md")]
    [TestCase("docs/parity.md")]
    [TestCase("SECURITY.md")]
    public void Tests_that_a_document_names_exist(string document)
    {
        string[] named =
            [.. TestName().Matches(SourceTree.Read(document)).Select(match => match.Groups[1].Value)];
        Assert.That(named, Is.Not.Empty);
        Assert.That(named.Where(name => !s_existing.Value.Contains(name)), Is.Empty);
    }

    [TestCase("NamedTestsTests.Tests_that_a_document_names_exist", true)]
    [TestCase("HangingProcessTests.Nothing_of_that_name", false)]
    [TestCase("NamedTestsTests.FindTests", false)]
    public void Test_is_known_by_its_class_and_its_name(string name, bool isKnown) =>
        Assert.That(s_existing.Value.Contains(name), Is.EqualTo(isKnown));

    // Read out of the sources: the other projects' tests are not in this assembly, and need not be built.
    // What a fixture inherits is its own, too.
    private static HashSet<string> FindTests()
    {
        ClassDeclarationSyntax[] classes =
        [
            .. from path in SourceTree.CSharpFiles()
               where path.Contains(".Tests/", StringComparison.Ordinal)
               from type in SourceRules.Parse(SourceTree.Read(path))
                   .DescendantNodes().OfType<ClassDeclarationSyntax>()
               select type,
        ];
        ILookup<string, ClassDeclarationSyntax> byName = classes.ToLookup(type => type.Identifier.Text);
        return [.. classes.SelectMany(type => TestsOf(type, byName)
            .Select(test => $"{type.Identifier.Text}.{test}"))];
    }

    private static IEnumerable<string> TestsOf(
        ClassDeclarationSyntax type, ILookup<string, ClassDeclarationSyntax> byName)
    {
        IEnumerable<string> own = type.Members.OfType<MethodDeclarationSyntax>()
            .Where(method => method.AttributeLists.SelectMany(list => list.Attributes)
                .Any(attribute => attribute.Name.ToString() is "Test" or "TestCase" or "TestCaseSource"))
            .Select(method => method.Identifier.Text);
        IEnumerable<string> inherited = type.BaseList is { Types: [var first, ..] }
            ? byName[BaseName(first.Type)].SelectMany(@base => TestsOf(@base, byName))
            : [];
        return own.Concat(inherited);
    }

    private static string BaseName(TypeSyntax type) =>
        type is SimpleNameSyntax name ? name.Identifier.Text : type.ToString();

    [GeneratedRegex("`([A-Za-z]+Tests\\.[A-Za-z_0-9]+)`")]
    private static partial Regex TestName();
}
