using System.Collections.Generic;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.FlowAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <remarks>What is reported of a call, by what is known to be closed before it.</remarks>
internal sealed partial class CloseWalker
{
    private void Check(IInvocationOperation call, IReadOnlyCollection<CloseFact> facts)
    {
        string name = call.TargetMethod.Name;
        bool isLost = IsWrite(name)
            ? facts.Any(static fact => fact.Closer is not null)
            : IsVain(name) && facts.All(static fact => fact.Closer is not null);
        if (isLost)
        {
            Lose(call, name, CloserOf(facts));
        }
    }

    // What it is asked after the close it still knows; what it is given is dropped.
    private static bool IsWrite(string name) => name is "Send" or "SendStatic" or "Advance";

    // What tells by its result, or loses nothing, is wrong only where it can never have an effect.
    private static bool IsVain(string name) =>
        name is "TrySend" or "TrySendStatic" or "TryAdvance" or "GetSpan" or "SetTimer" or "Close";

    private void CheckPassed(IInvocationOperation call, IReadOnlyCollection<CloseFact> facts)
    {
        if (!_isReporting || facts.All(static fact => fact.Closer is null))
        {
            return;
        }

        foreach (CloseSummary summary in SummariesOf(call, isClosed: true))
        {
            foreach ((_, string name, _) in summary.Lost)
            {
                if (IsWrite(name.Substring(name.LastIndexOf(' ') + 1)))
                {
                    Lose(call, $"{call.TargetMethod.Name} → {name}", CloserOf(facts));
                    return;
                }
            }
        }
    }

    private void CheckPost(IInvocationOperation call, IReadOnlyCollection<CloseFact> facts)
    {
        if (facts.Any(static fact => fact.Closer is not null))
        {
            Lose(call, LateName(call), CloserOf(facts));
        }
    }

    private static string LateName(IInvocationOperation call) =>
        $"{call.TargetMethod.Name} of its own handle";

    private static string CloserOf(IEnumerable<CloseFact> facts) =>
        facts.First(static fact => fact.Closer is not null).Closer!;

    private void Lose(IInvocationOperation call, string name, string closer)
    {
        Location location = call.Syntax.GetLocation();
        if (_isReporting && !_summary.Lost.Any(known => known.Location == location))
        {
            _summary.Lost.Add((location, name, closer));
        }
    }
}
