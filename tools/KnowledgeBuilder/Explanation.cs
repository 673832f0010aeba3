namespace Gain.KnowledgeBuilder;

/// <summary>Why methods have their verdicts, for the next person who extends overrides.txt.</summary>
internal static class Explanation
{
    private const string Calls = "calls ";
    private const int MaxHops = 30;
    private const int MaxRoots = 400;

    public static void Write(CallGraph graph, string text, TextWriter output)
    {
        if (text.Length == 0)
        {
            WriteRoots(graph, output);
            return;
        }

        IEnumerable<MethodNode> methods = graph.Library.Methods
            .Where(method => method.FullId.Contains(text, StringComparison.Ordinal))
            .OrderBy(method => method.FullId, StringComparer.Ordinal);
        foreach (MethodNode method in methods)
        {
            output.WriteLine($"{method.Verdict} {method.FullId}");
            WriteReasons(graph, method, output);
        }
    }

    // The methods to which most verdicts go back: where an override decides most.
    private static void WriteRoots(CallGraph graph, TextWriter output)
    {
        Dictionary<string, MethodNode> methods = [];
        foreach (MethodNode method in graph.Library.Methods)
        {
            methods.TryAdd(method.FullId, method);
        }

        IEnumerable<IGrouping<string, MethodNode>> roots = graph.Library.Methods
            .Where(method => method.Verdict != Verdict.Free && method.IsVisible && method.Type.IsVisible)
            .GroupBy(method => Root(methods, method))
            .OrderByDescending(group => group.Count());
        foreach (IGrouping<string, MethodNode> group in roots.Take(MaxRoots))
        {
            output.WriteLine($"{group.Count()} {group.Key}");
        }
    }

    private static string Root(Dictionary<string, MethodNode> methods, MethodNode method)
    {
        MethodNode at = method;
        for (int i = 0; i < MaxHops; i++)
        {
            if (at.Reason?.StartsWith(Calls, StringComparison.Ordinal) != true
                || !methods.TryGetValue(at.Reason[Calls.Length..], out MethodNode? next))
            {
                break;
            }

            at = next;
        }

        return $"{at.Verdict} {at.FullId}: {at.Reason}";
    }

    private static void WriteReasons(CallGraph graph, MethodNode method, TextWriter output)
    {
        string? reason = method.Reason;
        for (int i = 0; i < MaxHops && reason is not null; i++)
        {
            output.WriteLine($"    {reason}");
            reason = reason.StartsWith(Calls, StringComparison.Ordinal)
                ? graph.Library.Methods.FirstOrDefault(
                    called => called.FullId == reason[Calls.Length..])?.Reason
                : null;
        }
    }
}
