using System.Linq;
using System.Reflection;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Rules;

/// <summary>Makes the descriptors of the rules, so that all of them link to their pages alike.</summary>
internal static class Rule
{
    /// <summary>Where the pages lie: in the repository and, under the same path, in the package.</summary>
    public const string PagesFolder = "docs/rules/";

    /// <summary>
    /// What the build was told of where its tree can be read, as GainRepositoryUrl; without it a link is a
    /// path.
    /// </summary>
    public static string TreeAddress { get; } = typeof(Rule).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(static one => one.Key == "GainRepositoryUrl")?.Value ?? "";

    /// <summary>A rule that is on by default.</summary>
    /// <param name="id">GAIN and four digits, the first of which is the category's; never renumbered.</param>
    /// <param name="title">What is wrong, in a few words, without a full stop.</param>
    /// <param name="message">What is wrong here, with the names, and the way out.</param>
    /// <param name="category">One of <see cref="RuleCategory"/>.</param>
    /// <param name="severity">The severity where no .editorconfig sets another.</param>
    public static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        string category,
        DiagnosticSeverity severity) =>
        new(
            id,
            title,
            message,
            category,
            severity,
            isEnabledByDefault: true,
            helpLinkUri: TreeAddress + PagesFolder + id + ".md");
}
