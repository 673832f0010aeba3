using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0017: <c>OnSession</c> is declared, and a callback whose work it does.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SessionAndCallbackAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0017";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A session awaits what callbacks are called for",
        "'{0}' has both OnSession and {1}, which is not called: {2}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        if (!handler.CallbacksOf(CallbackKind.Session).Any())
        {
            return;
        }

        foreach (CallbackKind kind in SessionCallbacks.Replaced)
        {
            if (handler.CallbacksOf(kind).FirstOrDefault() is { } callback)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    s_rule, callback.Locations[0], handler.Type.Name, callback.Name, InsteadOf(kind)));
            }
        }

        if (SessionMessageParser.Find(handler.Type) is not null
            && handler.CallbacksOf(CallbackKind.Message).FirstOrDefault() is { } message)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                message.Locations[0],
                handler.Type.Name,
                message.Name,
                "with [SessionMessage] the session awaits Message"));
        }
    }

    private static string InsteadOf(CallbackKind kind) => kind switch
    {
        CallbackKind.Read => "the session awaits Read",
        CallbackKind.Frame => "the session awaits Frame",
        CallbackKind.Drained => "the session awaits Drained",
        CallbackKind.Timer => "the session awaits Delay",
        CallbackKind.ReadClosed => "what the session awaits is false then",
        _ => "what the session awaits is false then, and the connection closes when it returns",
    };
}
