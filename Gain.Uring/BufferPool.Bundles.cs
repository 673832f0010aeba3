namespace Gain.Uring;

/// <content>Completions that took several buffers.</content>
internal sealed unsafe partial class BufferPool
{
    // When a buffer becomes the kernel's.
    internal void NoteAdded(int id)
    {
        _next[id] = None;
        if (_last != None && _last != id)
        {
            _next[_last] = id;
        }

        _last = id;
    }

    // All of them, or none. Each but the last is full.
    internal int LendBundle(int id, int result)
    {
        _ = Find(id);
        int bytes = Math.Max(result, 0);
        int count = Math.Max(1, (int)((bytes + BufferBytes - 1) / BufferBytes));
        CheckNotLent(id, count, bytes);
        for (int i = 0, at = id, left = bytes; i < count; i++, at = _next[at])
        {
            ref Use use = ref _uses[at];
            use.Filled = use.LentBytes = (int)Math.Min(BufferBytes, (uint)left);
            use.Lent = 1;
            use.IsUsedUp = true;
            use.BundleCount = i == 0 ? count : OfBundle;
            left -= use.LentBytes;
        }

        return count;
    }

    // Of the bundle that starts there.
    internal int CountBundle(int id)
    {
        int count = Find(id).BundleCount;
        return count > 0 ? count : throw new InvalidOperationException(
            $"Buffer {id} is not lent as the first of a bundle: it was given back already, or lent by Lend.");
    }

    // Returns the next one, which is another's as soon as this one is added.
    internal int TakePartBack(int id)
    {
        _uses[id] = default;
        return _next[id];
    }

    // What is lent of a bundle's buffer, and which is the next one's.
    internal Span<byte> Part(int id, out int next)
    {
        Use use = Find(id);
        if (use.BundleCount == 0)
        {
            throw new InvalidOperationException(
                $"Buffer {id} was given back within the loop over its bundle: give back after the loop.");
        }

        next = _next[id];
        return new Span<byte>(Start(id), use.LentBytes);
    }

    private void CheckNotLent(int id, int count, int bytes)
    {
        for (int i = 0, at = id; i < count; i++, at = _next[at])
        {
            if (at == None || i == _uses.Length)
            {
                throw new InvalidOperationException(
                    $"The completion tells of {bytes:N0} bytes from buffer {id} on, and the {i} buffers that "
                    + $"were added from it on hold {i * (long)BufferBytes:N0}: no bundle has it.");
            }

            if (_uses[at].IsUsedUp)
            {
                throw new InvalidOperationException(
                    $"Buffer {at} is lent already: lend once for each completion, and give the buffer back "
                    + "before the kernel can use it again.");
            }
        }
    }
}
