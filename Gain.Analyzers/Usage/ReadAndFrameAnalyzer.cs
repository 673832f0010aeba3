using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0008: both <c>OnRead</c> and <c>OnFrame</c> are declared.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReadAndFrameAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0008";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "A handler has OnRead or OnFrame",
        "'{0}' has both OnRead and OnFrame, and bytes go to one place: {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        // With a session besides, neither is called: GAIN0017.
        if (handler.CallbacksOf(CallbackKind.Session).Any()
            || handler.CallbacksOf(CallbackKind.Read).FirstOrDefault() is not { } read
            || handler.CallbacksOf(CallbackKind.Frame).FirstOrDefault() is not { } frame)
        {
            return;
        }

        bool framed = handler.Framings().Any();
        context.ReportDiagnostic(Diagnostic.Create(
            s_rule,
            (framed ? read : frame).Locations[0],
            handler.Type.Name,
            framed
                ? "with a framing, OnRead is not called"
                : "without a framing attribute, OnFrame is not called"));
    }
}
