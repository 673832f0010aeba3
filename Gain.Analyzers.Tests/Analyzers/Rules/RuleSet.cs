using System.Collections.Immutable;
using Gain.Analyzers.CodeFixes;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Tests.Analyzers.Rules;

/// <summary>All analyzers and code fixes that the package carries.</summary>
internal static class RuleSet
{
    public static ImmutableArray<DiagnosticAnalyzer> Analyzers { get; } =
        InstancesOf<DiagnosticAnalyzer>(typeof(RuleCategory));

    public static ImmutableArray<CodeFixProvider> Fixes { get; } =
        InstancesOf<CodeFixProvider>(typeof(MakePartialFix));

    public static ImmutableArray<DiagnosticDescriptor> Descriptors { get; } =
        [.. Analyzers.SelectMany(analyzer => analyzer.SupportedDiagnostics).OrderBy(rule => rule.Id)];

    /// <summary>The analyzers of one category, to see that a mistake gives one diagnostic.</summary>
    public static ImmutableArray<DiagnosticAnalyzer> Of(string category) =>
    [
        .. Analyzers.Where(analyzer => analyzer.SupportedDiagnostics.Any(rule => rule.Category == category)),
    ];

    private static ImmutableArray<T> InstancesOf<T>(Type ofAssembly) =>
    [
        .. ofAssembly.Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(T)) && !type.IsAbstract)
            .Select(type => (T)Activator.CreateInstance(type)!),
    ];
}
