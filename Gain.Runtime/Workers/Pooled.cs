using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// What the pool knows of a connection, by slot. Links are one more than a slot; 0 for none.
/// </summary>
internal struct Pooled
{
    /// <summary>Where it leads; of use where <see cref="IsKeepable"/>.</summary>
    public RemoteEnd Target;

    /// <summary>The index of what it was dialled with in the space of the server's addresses.</summary>
    public byte Address;

    /// <summary>Its protocol may give it back.</summary>
    public bool IsKeepable;

    /// <summary>It is idle: in the lists.</summary>
    public bool IsIdle;

    /// <summary>It was idle, whatever has become of it.</summary>
    public bool WasKept;

    /// <summary>Why it is of no use anymore.</summary>
    public PoolEnd End;

    /// <summary>When it was kept, beside the others: a number that grows.</summary>
    public long Since;

    /// <summary>Which dial gets its socket when nothing of it is in flight.</summary>
    public int Taker;

    /// <summary>The one of its bucket that came before it.</summary>
    public int NextInBucket;

    /// <summary>The one of its bucket that came after it.</summary>
    public int PreviousInBucket;

    /// <summary>The one of its protocol that came before it.</summary>
    public int Older;

    /// <summary>The one of its protocol that came after it.</summary>
    public int Newer;
}
