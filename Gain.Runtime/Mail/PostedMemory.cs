using System.Runtime.InteropServices;
using Gain.Memory;

namespace Gain.Mail;

/// <summary>
/// The native memory of bytes on their way from other threads to one worker: a block for each command, taken
/// by the poster and freed by the worker. Any thread.
/// </summary>
/// <param name="budget">The server's memory, which the bytes count against as well.</param>
/// <param name="limitBytes">The most bytes that may wait for the worker.</param>
/// <param name="maxLength">The most bytes of one command.</param>
internal sealed unsafe class PostedMemory(MemoryBudget budget, long limitBytes, int maxLength)
{
    // The length of what follows, and the alignment of what malloc gives.
    private const int HeaderBytes = 16;

    private long _bytes;

    /// <summary>
    /// The bytes in blocks that are taken and not freed; 0 without any, as no block is empty.
    /// </summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Takes a block with a copy of some bytes, at least one.</summary>
    /// <returns>The block, or null.</returns>
    // SAFETY: the block is the caller's until it is handed to Free, once.
    public byte* TryCopy(ReadOnlySpan<byte> data, out PostFailure failure) =>
        TryCopy(default, data, out failure);

    /// <summary>Like the other overload, for bytes that lie in two places.</summary>
    // SAFETY: as for the other overload.
    public byte* TryCopy(ReadOnlySpan<byte> head, ReadOnlySpan<byte> data, out PostFailure failure)
    {
        int length = head.Length + data.Length;
        if (length > maxLength || length > limitBytes || length > budget.LimitBytes)
        {
            failure = PostFailure.TooLarge;
            return null;
        }

        failure = PostFailure.MemoryFull;
        if (!TryReserve(length))
        {
            return null;
        }

        var block = (byte*)budget.TryAllocate(length + HeaderBytes);
        if (block is null)
        {
            // The system has less than the budget allows: to the caller that is the same.
            Release(length);
            return null;
        }

        *(int*)block = length;
        var copy = new Span<byte>(block + HeaderBytes, length);
        head.CopyTo(copy);
        data.CopyTo(copy[head.Length..]);
        failure = PostFailure.None;
        return block;
    }

    /// <summary>The bytes of a block.</summary>
    // SAFETY: valid until the block is freed, which only its owner does.
    public static ReadOnlySpan<byte> BytesOf(byte* block) => new(block + HeaderBytes, *(int*)block);

    /// <summary>Frees a block.</summary>
    // SAFETY: the caller owns the block, and owns it no longer.
    public void Free(byte* block)
    {
        Release(*(int*)block);
        NativeMemory.Free(block);
    }

    private bool TryReserve(int length)
    {
        // Nothing is taken first and given back then: others would be refused meanwhile.
        if (!budget.HasRoomFor(length))
        {
            return false;
        }

        long seen = Interlocked.Read(ref _bytes);
        while (length <= limitBytes - seen)
        {
            long found = Interlocked.CompareExchange(ref _bytes, seen + length, seen);
            if (found != seen)
            {
                seen = found;
                continue;
            }

            if (budget.TryReserve(length))
            {
                return true;
            }

            Interlocked.Add(ref _bytes, -length);
            return false;
        }

        return false;
    }

    private void Release(int length)
    {
        Interlocked.Add(ref _bytes, -length);
        budget.Release(length);
    }
}
