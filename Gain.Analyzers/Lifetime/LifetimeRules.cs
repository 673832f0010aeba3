using System.Collections.Immutable;
using Gain.Analyzers.Rules;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Lifetime;

/// <summary>GAIN3xxx: what keeps something longer than it was lent, or loses it unseen.</summary>
internal static class LifetimeRules
{
    public static readonly DiagnosticDescriptor Escape = Create(
        "GAIN3001",
        "The memory of a span is kept",
        "{0} an address of '{1}', whose memory is Gain's again when the callback returns: copy what is to be "
        + "kept");

    public static readonly DiagnosticDescriptor UseAfterClose = Create(
        "GAIN3002",
        "A connection is used after it was closed",
        "'{0}' does nothing here: the connection was given to {1} before");

    public static readonly DiagnosticDescriptor IgnoredResult = Create(
        "GAIN3003",
        "The result of a try is ignored",
        "{0} may return false, and then {1}: look at its result");

    public static readonly DiagnosticDescriptor DefaultHandle = Create(
        "GAIN3004",
        "A handle names no connection",
        "A default ConnectionHandle names no connection, so that {0} does nothing: take it from "
        + "Connection.Handle");

    public static readonly DiagnosticDescriptor OwnHandle = Create(
        "GAIN3005",
        "A callback goes through the mailbox to its own connection",
        "'{0}' posts to the mailbox of this worker and may fail when it is full: call Connection.{0}",
        DiagnosticSeverity.Info);

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
        [Escape, UseAfterClose, IgnoredResult, DefaultHandle, OwnHandle];

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        Rule.Create(id, title, message, RuleCategory.Lifetime, severity);
}
