using Gain.Uring;

namespace Gain.UringCopy;

/// <summary>
/// Copies a file: each slot reads a block into its registered buffer and writes it from there, then takes the
/// next block. What is short goes on where it stopped.
/// </summary>
internal sealed class Copier : IDisposable
{
    private readonly CopySettings _settings;
    private readonly Ring _ring;
    private readonly FixedBuffers _buffers;
    private readonly Slot[] _slots;
    private readonly SourceFile _source;
    private readonly TargetFile _target;
    private readonly CancellationToken _cancellation;

    // The end; as far as is known, of a file that does not tell.
    private long _size;
    private long _next;
    private long _done;
    private int _inFlight;

    private Copier(
        CopySettings settings,
        Ring ring,
        SourceFile source,
        TargetFile target,
        CancellationToken cancellation)
    {
        _settings = settings;
        _ring = ring;
        _source = source;
        _target = target;
        _cancellation = cancellation;
        _size = source.Size ?? long.MaxValue;

        // Where the end is not known, blocks are taken one after the other.
        _slots = new Slot[source.Size is null ? 1 : settings.Depth];
        _buffers = _ring.RegisterBuffers(_slots.Length, settings.BlockBytes);
    }

    /// <summary>Copies.</summary>
    /// <param name="settings">What and how.</param>
    /// <param name="progress">Told how many bytes are copied.</param>
    /// <param name="cancellation">Ends it before the next block.</param>
    /// <exception cref="IOException">It failed; the destination is as it was.</exception>
    /// <exception cref="OperationCanceledException">It was ended; the destination is as it was.</exception>
    public static void Run(CopySettings settings, Action<long> progress, CancellationToken cancellation)
    {
        using Ring ring = Ring.Create(new RingOptions { Entries = settings.Depth });
        using var source = new SourceFile(ring, settings.Source);
        using var target = new TargetFile(ring, settings, source.Status);
        using (var copier = new Copier(settings, ring, source, target, cancellation))
        {
            copier.Copy(progress);
        }

        if (settings.Sync)
        {
            target.Sync();
        }

        const int permissions = 0x1FF;
        target.Place((UnixFileMode)(source.Status.Mode & permissions));
    }

    public void Dispose() => _buffers.Dispose();

    private void Copy(Action<long> progress)
    {
        string? error = null;
        for (int index = 0; index < _slots.Length && _next < _size; index++)
        {
            Start(index);
        }

        while (_inFlight > 0)
        {
            _ring.SubmitAndWait(1, timeoutNs: -1);
            foreach (ref readonly CompletionEntry completion in _ring.TakeCompletions())
            {
                _inFlight--;
                error ??= Advance((int)completion.UserData, in completion);
            }

            progress(_done);
        }

        _cancellation.ThrowIfCancellationRequested();
        if (error is not null)
        {
            throw new IOException(error);
        }
    }

    private void Start(int index)
    {
        _slots[index] = new Slot
        {
            Offset = _next,
            Length = (int)Math.Min(_size - _next, _buffers.Span(index).Length),
        };
        _next += _slots[index].Length;
        Prepare(index);
    }

    private void Prepare(int index)
    {
        ref Slot slot = ref _slots[index];

        // Each slot has one operation in flight, so that the ring is never full.
        SubmissionEntry entry = _ring.TryGetEntry(out SubmissionEntry free)
            ? free
            : throw new InvalidOperationException("More entries were prepared than the ring has.");
        ulong offset = (ulong)(slot.Offset + slot.Done);
        int rest = slot.Length - slot.Done;
        if (slot.IsWriting)
        {
            entry.PrepWriteFixed(_target.Descriptor, _buffers, index, slot.Done, rest, offset);
        }
        else
        {
            entry.PrepReadFixed(_source.Descriptor, _buffers, index, slot.Done, rest, offset);
        }

        entry.UserData = (ulong)index;
        _inFlight++;
    }

    // An error, or null. After one, nothing new is started: what is in flight is waited for.
    private string? Advance(int index, in CompletionEntry completion)
    {
        ref Slot slot = ref _slots[index];
        string what = slot.IsWriting ? $"write {_settings.Destination}" : $"read {_settings.Source}";
        if (completion.Error is { } error)
        {
            return $"Cannot {what} at {slot.Offset + slot.Done:N0}: {error}.";
        }

        if (completion.Result == 0 && !IsEnd(ref slot))
        {
            return $"Cannot {what} at {slot.Offset + slot.Done:N0}: it ends there.";
        }

        slot.Done += completion.Result;
        if (slot.Done < slot.Length)
        {
            Prepare(index);
        }
        else if (!slot.IsWriting && slot.Length > 0 && !IsHole(index))
        {
            slot.IsWriting = true;
            slot.Done = 0;
            Prepare(index);
        }
        else
        {
            _done += slot.Length;
            if (_next < _size && !_cancellation.IsCancellationRequested)
            {
                Start(index);
            }
        }

        return null;
    }

    // Of a source that did not tell its size, the end that a read found.
    private bool IsEnd(ref Slot slot)
    {
        if (slot.IsWriting || _source.Size is not null)
        {
            return false;
        }

        slot.Length = slot.Done;
        _size = slot.Offset + slot.Done;
        return true;
    }

    // What is zero in a file with holes stays one; the last block is written, to give the file its size.
    private bool IsHole(int index)
    {
        ref Slot slot = ref _slots[index];
        return _source.HasHoles && slot.Offset + slot.Length < _size
            && !_buffers.Span(index)[..slot.Length].ContainsAnyExcept((byte)0);
    }
}
