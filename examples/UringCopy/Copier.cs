using Gain.Uring;

namespace Gain.UringCopy;

/// <summary>
/// Copies a file: each slot reads a block into its registered buffer and writes it from there, then takes the
/// next block. What is short goes on where it stopped.
/// </summary>
internal sealed class Copier : IDisposable
{
    private const ulong SyncToken = ulong.MaxValue;

    private readonly Ring _ring;
    private readonly FixedBuffers _buffers;
    private readonly Slot[] _slots;
    private readonly int _source;
    private readonly int _destination;
    private readonly long _size;
    private long _next;
    private long _written;
    private int _inFlight;

    private Copier(CopySettings settings, int source, int destination, long size)
    {
        _source = source;
        _destination = destination;
        _size = size;
        _slots = new Slot[settings.Depth];
        _ring = Ring.Create(new RingOptions { Entries = settings.Depth });
        _buffers = _ring.RegisterBuffers(settings.Depth, settings.BlockBytes);
    }

    /// <summary>Copies.</summary>
    /// <param name="settings">What and how.</param>
    /// <param name="progress">Told how many bytes are written.</param>
    /// <exception cref="IOException">It failed; there is no destination then.</exception>
    public static void Run(CopySettings settings, Action<long> progress)
    {
        if (Resolve(settings.Source) == Resolve(settings.Destination))
        {
            throw new IOException($"{settings.Source} and {settings.Destination} are the same file.");
        }

        using var source = File.OpenHandle(settings.Source, options: FileOptions.SequentialScan);
        using (var destination = File.OpenHandle(
            settings.Destination, settings.Force ? FileMode.Create : FileMode.CreateNew, FileAccess.Write))
        {
            try
            {
                // The handles stay open until both are disposed of, below the copier.
                using var copier = new Copier(
                    settings, (int)source.DangerousGetHandle(), (int)destination.DangerousGetHandle(),
                    RandomAccess.GetLength(source));
                copier.Copy(progress);
                if (settings.Sync)
                {
                    copier.Sync();
                }
            }
            catch
            {
                File.Delete(settings.Destination);
                throw;
            }
        }
    }

    public void Dispose()
    {
        _buffers.Dispose();
        _ring.Dispose();
    }

    // Where symbolic links lead; a path that leads nowhere is itself.
    private static string Resolve(string path) => File.Exists(path)
        ? File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path
        : path;

    private void Copy(Action<long> progress)
    {
        for (int index = 0; index < _slots.Length && _next < _size; index++)
        {
            Start(index);
        }

        string? error = null;
        while (_inFlight > 0)
        {
            _ring.SubmitAndWait(1, timeoutNs: -1);
            foreach (ref readonly CompletionEntry completion in _ring.TakeCompletions())
            {
                _inFlight--;
                error ??= Advance((int)completion.UserData, in completion);
            }

            progress(_written);
        }

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
        SubmissionEntry entry = NextEntry();
        ulong offset = (ulong)(slot.Offset + slot.Done);
        int rest = slot.Length - slot.Done;
        if (slot.IsWriting)
        {
            entry.PrepWriteFixed(_destination, _buffers, index, slot.Done, rest, offset);
        }
        else
        {
            entry.PrepReadFixed(_source, _buffers, index, slot.Done, rest, offset);
        }

        entry.UserData = (ulong)index;
        _inFlight++;
    }

    // Each slot has one operation in flight, so that the ring is never full.
    private SubmissionEntry NextEntry() => _ring.TryGetEntry(out SubmissionEntry entry)
        ? entry
        : throw new InvalidOperationException("More entries were prepared than the ring has.");

    // An error, or null. After one, nothing new is started: what is in flight is waited for.
    private string? Advance(int index, in CompletionEntry completion)
    {
        ref Slot slot = ref _slots[index];
        string what = slot.IsWriting ? "write the destination" : "read the source";
        if (completion.Error is { } error)
        {
            return $"Cannot {what} at {slot.Offset + slot.Done:N0}: {error}.";
        }

        if (completion.Result == 0)
        {
            return $"Cannot {what} at {slot.Offset + slot.Done:N0}: it ends there.";
        }

        slot.Done += completion.Result;
        if (slot.IsWriting)
        {
            _written += completion.Result;
        }

        if (slot.Done < slot.Length)
        {
            Prepare(index);
        }
        else if (!slot.IsWriting)
        {
            slot.IsWriting = true;
            slot.Done = 0;
            Prepare(index);
        }
        else if (_next < _size)
        {
            Start(index);
        }

        return null;
    }

    private void Sync()
    {
        SubmissionEntry entry = NextEntry();
        entry.PrepFsync(_destination, FileSyncFlags.None);
        entry.UserData = SyncToken;
        _ring.Submit();
        CompletionEntry completion;
        while (!_ring.WaitForCompletion(out completion, timeoutNs: -1))
        {
            // A signal came; the wait goes on.
        }

        _ring.AdvanceCompletions(1);
        if (completion.Error is { } error)
        {
            throw new IOException($"Cannot sync the destination: {error}.");
        }
    }
}
