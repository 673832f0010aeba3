using System.Reflection;
using System.Text.RegularExpressions;

namespace Gain.Tests.Repository;

/// <summary>What documents say of tests is true: those that they name exist.</summary>
public sealed partial class NamedTestsTests
{
    [TestCase("docs/robustness.md")]
    [TestCase("docs/parity.md")]
    [TestCase("SECURITY.md")]
    public void Tests_that_a_document_names_exist(string document)
    {
        string[] named =
            [.. TestName().Matches(SourceTree.Read(document)).Select(match => match.Groups[1].Value)];
        Assert.That(named, Is.Not.Empty);
        HashSet<string> existing =
        [
            .. from type in Assembly.GetExecutingAssembly().GetTypes()
               from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
               where method.GetCustomAttributes().Any(attribute => attribute is TestAttribute
                   or TestCaseAttribute or TestCaseSourceAttribute)
               select $"{type.Name}.{method.Name}",
        ];
        Assert.That(named.Where(name => !existing.Contains(name)), Is.Empty);
    }

    [GeneratedRegex("`([A-Za-z]+Tests\\.[A-Za-z_0-9]+)`")]
    private static partial Regex TestName();
}
