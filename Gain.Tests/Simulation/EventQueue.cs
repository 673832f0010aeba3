namespace Gain.Tests.Simulation;

/// <summary>What is going to happen: by virtual time, and by when it was planned.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (long AtNs, long Order)> _queue = new();
    private long _planned;

    /// <summary>Whether nothing is planned.</summary>
    public bool IsEmpty => _queue.Count == 0;

    /// <summary>When the next event happens; the end of time when there is none.</summary>
    public long NextNs => _queue.TryPeek(out _, out (long AtNs, long) next) ? next.AtNs : long.MaxValue;

    public void Plan(long atNs, Action happen) => _queue.Enqueue(happen, (atNs, _planned++));

    public Action Take() => _queue.Dequeue();
}
