using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.Rules;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Gain.Analyzers.Usage;

/// <summary>GAIN0010: <c>OnFrame</c> is declared, and no framing.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class FrameWithoutFramingAnalyzer : HandlerAnalyzer
{
    /// <summary>The rule's id.</summary>
    public const string Id = "GAIN0010";

    private static readonly DiagnosticDescriptor s_rule = Rule.Create(
        Id,
        "OnFrame needs a framing",
        "OnFrame of '{0}' is not called, because no attribute says where a frame ends: add one of {1}",
        RuleCategory.Usage,
        DiagnosticSeverity.Error);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [s_rule];

    /// <inheritdoc/>
    private protected override void Analyze(SymbolAnalysisContext context, Handler handler)
    {
        // With OnRead besides, that is the mistake: GAIN0008; with OnSession, GAIN0017.
        if (handler.CallbacksOf(CallbackKind.Frame).FirstOrDefault() is { } frame
            && !handler.Framings().Any()
            && !handler.CallbacksOf(CallbackKind.Read).Any()
            && !handler.CallbacksOf(CallbackKind.Session).Any())
        {
            context.ReportDiagnostic(Diagnostic.Create(
                s_rule,
                frame.Locations[0],
                handler.Type.Name,
                string.Join(", ", FramingRequirement.Attributes)));
        }
    }
}
