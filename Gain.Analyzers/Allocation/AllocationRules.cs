using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Allocation;

/// <summary>GAIN1xxx: what allocates on the managed heap, one rule a cause.</summary>
internal static class AllocationRules
{
    public static readonly DiagnosticDescriptor Object = Create(
        "GAIN1001", "An object is created", "{0} is created on the managed heap");

    public static readonly DiagnosticDescriptor Array = Create(
        "GAIN1002", "An array is created", "{0} is created on the managed heap");

    public static readonly DiagnosticDescriptor Boxing = Create(
        "GAIN1003", "A value is boxed", "{0}");

    public static readonly DiagnosticDescriptor Closure = Create(
        "GAIN1004", "A function captures variables", "{0}");

    public static readonly DiagnosticDescriptor Delegate = Create(
        "GAIN1005", "A delegate is created", "{0}");

    public static readonly DiagnosticDescriptor ParamsArray = Create(
        "GAIN1006", "Arguments are collected", "{0}");

    public static readonly DiagnosticDescriptor String = Create(
        "GAIN1007", "A string is built", "{0} makes a string");

    public static readonly DiagnosticDescriptor Enumerator = Create(
        "GAIN1008", "An enumerator is created", "{0}");

    public static readonly DiagnosticDescriptor Iterator = Create(
        "GAIN1009", "An iterator is created", "{0}");

    public static readonly DiagnosticDescriptor Linq = Create(
        "GAIN1010", "LINQ allocates", "{0} is LINQ: it allocates its iterator and calls delegates");

    public static readonly DiagnosticDescriptor Task = Create(
        "GAIN1011", "A task or an async method allocates", "{0}");

    public static readonly DiagnosticDescriptor KnownApi = Create(
        "GAIN1012", "The called member allocates", "{0} allocates");

    public static readonly DiagnosticDescriptor Unverified = Create(
        "GAIN1013",
        "It is not known whether the called member allocates",
        "{0} is not known to be free of allocations; if it is, list it in an additional file named "
        + "*.allocations.txt",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor Transitive = Create(
        "GAIN1014", "The called method allocates", "{0} allocates: {1}");

    public static readonly DiagnosticDescriptor Reason = Create(
        "GAIN1015", "An allocation is allowed without a reason", "Say why {0} may allocate");

    public static readonly DiagnosticDescriptor ListLine = Create(
        "GAIN1016",
        "A line of the list of allocations is wrong",
        "\"{0}\" is no documentation comment id with an optional '-' in front, such as "
        + "M:Name.Space.Type.Method(System.Int32)");

    public static readonly DiagnosticDescriptor Grows = Create(
        "GAIN1017",
        "The called member allocates at times",
        "{0}",
        DiagnosticSeverity.Info);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        Object, Array, Boxing, Closure, Delegate, ParamsArray, String, Enumerator, Iterator, Linq, Task,
        KnownApi, Unverified, Transitive, Reason, ListLine, Grows,
    ];

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        Rule.Create(id, title, message, RuleCategory.Allocation, severity);
}
