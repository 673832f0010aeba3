namespace Gain.Connections;

/// <summary>
/// The memory that a server may hold for its connections' bytes, shared by its workers. They take it in large
/// pieces, so that it is rarely touched. Any thread.
/// </summary>
internal sealed class MemoryBudget(long limitBytes)
{
    private long _reserved;

    /// <summary>The most that may be reserved, in bytes.</summary>
    public long LimitBytes => limitBytes;

    /// <summary>What is reserved, in bytes.</summary>
    public long ReservedBytes => Interlocked.Read(ref _reserved);

    /// <summary>Whether three quarters are gone, so that connections should be held back earlier.</summary>
    public bool IsTight => ReservedBytes > limitBytes / 4 * 3;

    /// <summary>Reserves memory, if there is as much.</summary>
    public bool TryReserve(long bytes)
    {
        if (Interlocked.Add(ref _reserved, bytes) <= limitBytes)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -bytes);
        return false;
    }

    /// <summary>Reserves a little that cannot be refused.</summary>
    public void Reserve(long bytes) => Interlocked.Add(ref _reserved, bytes);

    /// <summary>Gives memory back.</summary>
    public void Release(long bytes) => Interlocked.Add(ref _reserved, -bytes);
}
