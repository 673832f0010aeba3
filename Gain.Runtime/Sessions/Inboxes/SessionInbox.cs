namespace Gain.Sessions;

/// <summary>
/// The messages that have come for a session and that it has not taken. The worker's thread alone touches it.
/// </summary>
/// <param name="kind">Which pool it is of.</param>
internal abstract class SessionInbox(int kind)
{
    private static int s_kinds;

    /// <summary>Which pool it is of: one for each type of messages.</summary>
    public int Kind { get; } = kind;

    /// <summary>The next one of the pool.</summary>
    public SessionInbox? Next { get; set; }

    /// <summary>The generation of the slot whose messages they are.</summary>
    public uint Generation { get; set; }

    /// <summary>How many messages wait.</summary>
    public int Count { get; protected set; }

    public abstract Type MessageType { get; }

    /// <summary>Drops what waits, and what it refers to.</summary>
    public abstract void Clear();

    /// <summary>A kind, for all workers.</summary>
    protected static int AddKind() => Interlocked.Increment(ref s_kinds) - 1;
}
