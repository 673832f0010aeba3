using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Knowledge;

/// <summary>When a member allocates that mostly does not, and what to do about it.</summary>
internal static class Growth
{
    /// <summary>The sentence about a method.</summary>
    public static string Of(IMethodSymbol method)
    {
        string name = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        return method.ContainingType.Name switch
        {
            "Regex" when method.IsStatic => $"{name} allocates when its expression is not among the few that "
                + "were used last; keep a Regex of your own",
            "Regex" => $"{name} allocates when another thread matches by the same Regex, or a match "
                + "needs more room than those before; give each worker its own",
            "Activity" or "ActivitySource" =>
                $"{name} allocates when somebody listens; ask HasListeners() first",
            _ => $"{name} allocates when it grows; give it its capacity before the first connection",
        };
    }
}
