namespace Gain.Uring;

/// <content>Completions that took several buffers, of a ring that owns them.</content>
public sealed unsafe partial class BufferRing
{
    /// <summary>
    /// Lends the buffers that a completion of a bundle filled, from the buffer that it names on. Only for a
    /// ring that owns its buffers. Call it once for each completion with <see
    /// cref="CompletionEntry.HasBuffer"/> of a receive with <see cref="SendReceiveFlags.Bundle"/>. The
    /// receive's length must be 0 or a multiple of the buffers' size, so that all buffers but the last are
    /// full.
    /// </summary>
    /// <param name="completion">The completion.</param>
    /// <returns>
    /// The buffers. The caller owns them until <see cref="GiveBackBundle"/>. They are gone with the buffer
    /// ring: reading a span after the buffer ring or the ring was disposed of ends the process.
    /// </returns>
    /// <exception cref="ArgumentException">
    /// The completion names no buffer, or one that is not of this ring.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The ring owns no buffers, or uses them up in several steps
    /// (<see cref="BufferRingFlags.Incremental"/>); a buffer is lent already; the ring has fewer buffers. Or
    /// it is called on another thread.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public BufferBundle LendBundle(in CompletionEntry completion)
    {
        BufferPool pool = PoolOfBundle(in completion);
        return new BufferBundle(
            pool, completion.BufferId, pool.LendBundle(completion.BufferId, completion.Result));
    }

    /// <summary>
    /// Gives back all buffers that <see cref="LendBundle"/> lent for a completion. Do not use their spans
    /// anymore.
    /// </summary>
    /// <param name="completion">The completion.</param>
    /// <exception cref="ArgumentException">
    /// The completion names no buffer, or one that is not of this ring.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The bundle is not lent: it was given back already. Or a reason that <see cref="LendBundle"/> names.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The buffer ring was disposed of.</exception>
    public void GiveBackBundle(in CompletionEntry completion)
    {
        BufferPool pool = PoolOfBundle(in completion);
        int count = pool.CountBundle(completion.BufferId);
        for (int id = completion.BufferId; count > 0; count--)
        {
            int next = pool.TakePartBack(id);
            AddOwn(pool, id);
            id = next;
        }

        Publish();
    }

    private BufferPool PoolOfBundle(in CompletionEntry completion)
    {
        if (!completion.HasBuffer)
        {
            throw new ArgumentException("The completion took no buffer.", nameof(completion));
        }

        BufferPool pool = Pool;
        CheckUse();
        return (Flags & BufferRingFlags.Incremental) == 0 ? pool : throw new InvalidOperationException(
            "The ring's buffers are used up in several steps, and then a completion does not tell which a "
            + "bundle has: register them without BufferRingFlags.Incremental.");
    }

    private void AddOwn(BufferPool pool, int id)
    {
        Add(pool.Start(id), pool.BufferBytes, (ushort)id);
        pool.NoteAdded(id);
    }
}
