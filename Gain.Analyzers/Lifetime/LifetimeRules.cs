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

    /// <summary>As the other one, of a call that cannot fail, but whose result alone can end what it
    /// began.</summary>
    public static readonly DiagnosticDescriptor LostHold = Create(
        "GAIN3003",
        "The result of a try is ignored",
        "What {0} returns is thrown away, so that nothing can release the connection before its deadline");

    public static readonly DiagnosticDescriptor DefaultHandle = Create(
        "GAIN3004",
        "A handle names no connection",
        "A default ConnectionHandle names no connection, so that {0} does nothing: take it from "
        + "Connection.Handle");

    public static readonly DiagnosticDescriptor OwnHandle = Create(
        "GAIN3005",
        "A callback goes through the mailbox to its own connection",
        "'{0}' posts to the mailbox of this worker and may fail when it is full: call Connection.{1}",
        DiagnosticSeverity.Info);

    public static readonly DiagnosticDescriptor NotStatic = Create(
        "GAIN3006",
        "What is sent in place is not there forever",
        "{0} sends later, from where the bytes lie: {1} is moved, freed or used again before; call {2}");

    public static readonly DiagnosticDescriptor OpenFrame = Create(
        "GAIN3007",
        "A frame is begun and not ended",
        "The frame is still open on a way out of {0}, which closes the connection: call EndFrame or "
        + "CancelFrame on every way");

    public static readonly DiagnosticDescriptor NeverResumed = Create(
        "GAIN3008",
        "Reading is paused and nothing resumes it",
        "Nothing in this compilation calls ResumeReading, so that the connection hears its peer never again");

    public static readonly DiagnosticDescriptor KeptContext = Create(
        "GAIN3009",
        "A SessionContext is kept",
        "{0} a SessionContext, which is of one connection and throws on other threads than its worker's: "
        + "keep its Handle instead");

    public static readonly ImmutableArray<DiagnosticDescriptor> All =
    [
        Escape, UseAfterClose, IgnoredResult, DefaultHandle, OwnHandle, NotStatic, OpenFrame, NeverResumed,
        KeptContext,
    ];

    private static DiagnosticDescriptor Create(
        string id,
        string title,
        string message,
        DiagnosticSeverity severity = DiagnosticSeverity.Warning) =>
        Rule.Create(id, title, message, RuleCategory.Lifetime, severity);
}
