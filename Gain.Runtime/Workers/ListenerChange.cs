namespace Gain.Workers;

/// <summary>
/// A change of what a server listens on, one in a list that grows at its end: each thread that accepts
/// remembers the last one that it has made, so that what all have made is garbage.
/// </summary>
/// <param name="listener">What is added or ended; null for the begin of the list.</param>
/// <param name="isEnd">Whether it is ended.</param>
internal sealed class ListenerChange(OpenListener? listener = null, bool isEnd = false)
{
    private ListenerChange? _next;

    /// <summary>What is added or ended.</summary>
    public OpenListener? Listener => listener;

    /// <summary>Whether it is ended.</summary>
    public bool IsEnd => isEnd;

    /// <summary>The change behind this one; null while there is none. Any thread.</summary>
    public ListenerChange? Next
    {
        // Acquire and release: a thread that sees the change sees the sockets that it is about.
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }
}
