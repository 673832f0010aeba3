using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Blocking;

/// <summary>GAIN2xxx: what stops a worker's thread, and with it all of its connections.</summary>
internal static class BlockingRules
{
    public static readonly DiagnosticDescriptor Sleep = Create(
        "GAIN2001", "The thread sleeps", "{0} stops the worker's thread");

    public static readonly DiagnosticDescriptor TaskWait = Create(
        "GAIN2002", "A task is waited for", "{0} stops the worker's thread until the task has completed");

    public static readonly DiagnosticDescriptor Synchronization = Create(
        "GAIN2003", "Another thread is waited for", "{0} stops the worker's thread until another one acts");

    public static readonly DiagnosticDescriptor Lock = Create(
        "GAIN2004", "A lock is taken", "{0} stops the worker's thread while another one holds the lock");

    public static readonly DiagnosticDescriptor Io = Create(
        "GAIN2005", "Input or output is synchronous", "{0} stops the worker's thread until it is done");

    public static readonly DiagnosticDescriptor Collect = Create(
        "GAIN2006", "The garbage collector is run", "{0} stops every thread of the process");

    public static readonly DiagnosticDescriptor AsyncSibling = Create(
        "GAIN2007",
        "The called member has an asynchronous form",
        "{0} may stop the worker's thread: there is {1}",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor Transitive = Create(
        "GAIN2008", "The called method blocks", "{0} stops the worker's thread: {1}");

    /// <summary>As the other one, of a method that another project has, whose body nobody sees.</summary>
    public static readonly DiagnosticDescriptor Elsewhere = Create(
        "GAIN2008",
        "The called method blocks",
        "{0} stops the worker's thread, as its own project has found");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [Sleep, TaskWait, Synchronization, Lock, Io, Collect, AsyncSibling, Transitive];

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        Rule.Create(id, title, message, RuleCategory.Blocking, severity);
}
