namespace Gain.KnowledgeBuilder;

/// <summary>What a body does by itself, and what it calls on ways that return.</summary>
internal sealed class BodyFacts
{
    public Verdict Verdict { get; private set; }

    public string? Reason { get; private set; }

    public List<(MethodNode Method, bool IsVirtual)> Calls { get; } = [];

    public void Add(Verdict verdict, string reason)
    {
        if (verdict > Verdict)
        {
            Verdict = verdict;
            Reason = reason;
        }
    }
}
