namespace Gain.KnowledgeBuilder;

/// <summary>Why methods have their verdicts, for whoever extends overrides.txt.</summary>
internal static class Explanation
{
    public static void Write(CallGraph graph, string text, TextWriter output)
    {
        IEnumerable<MethodNode> methods = graph.Library.Methods
            .Where(method => method.FullId.Contains(text, StringComparison.Ordinal))
            .OrderBy(method => method.FullId, StringComparer.Ordinal);
        foreach (MethodNode method in methods)
        {
            output.WriteLine($"{method.Verdict} {method.FullId}");
            WriteReasons(graph, method, output);
        }
    }

    private static void WriteReasons(CallGraph graph, MethodNode method, TextWriter output)
    {
        const string Calls = "calls ";
        const int MaxHops = 12;
        string? reason = method.Reason;
        for (int i = 0; i < MaxHops && reason is not null; i++)
        {
            output.WriteLine($"    {reason}");
            reason = reason.StartsWith(Calls, StringComparison.Ordinal)
                ? graph.Library.Methods.FirstOrDefault(called => called.FullId == reason[Calls.Length..])?.Reason
                : null;
        }
    }
}
