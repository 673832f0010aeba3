namespace Gain.Workers;

/// <summary>A name that is kept: what it stands for, and who waits for it.</summary>
internal sealed class NameEntry
{
    private readonly List<NameWaiter> _waiting = [];
    private volatile NameAnswer? _answer;

    /// <summary>What was found last; null before that. Any thread.</summary>
    public NameAnswer? Answer => _answer;

    /// <summary>Whether it is being looked up. Under the cache's lock, as what follows.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Those who wait for it.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Has a dial wait.</summary>
    /// <returns>Whether the name is to be looked up for it.</returns>
    public bool Add(NameWaiter waiter)
    {
        // Dials that time out are followed by others while one lookup lasts: they are dropped before it
        // grows.
        if (_waiting.Count == _waiting.Capacity)
        {
            _waiting.RemoveAll(static other => other.IsOver);
        }

        _waiting.Add(waiter);
        bool isFirst = !IsAsking;
        IsAsking = true;
        return isFirst;
    }

    /// <summary>The lookup is over.</summary>
    /// <returns>Who has waited for it.</returns>
    public NameWaiter[] End(NameAnswer answer)
    {
        _answer = answer;
        IsAsking = false;
        NameWaiter[] waited = [.. _waiting];
        _waiting.Clear();
        return waited;
    }
}
