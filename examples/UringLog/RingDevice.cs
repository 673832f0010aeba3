using Gain.Uring;

namespace Gain.UringLog;

/// <summary>
/// A file behind a ring: with O_DIRECT where the file system can, from a registered buffer, through a
/// registered file; a write and the sync that is linked to it are one system call.
/// </summary>
internal sealed class RingDevice : ILogDevice
{
    private const ulong WriteId = 1;
    private const ulong SyncId = 2;
    private const int LogFile = 0;
    private const string NotPossible = "EINVAL";
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly Ring _ring;
    private readonly FixedBuffers _buffers;
    private readonly string _path;
    private readonly EntryFault? _fault;

    /// <summary>Opens the file, on the thread that will write to it.</summary>
    /// <param name="path">The file; it is made when there is none.</param>
    /// <param name="bufferBytes">The largest group, in whole blocks.</param>
    /// <param name="fault">What tests break in each write.</param>
    /// <exception cref="IOException">The file cannot be opened, or wants larger blocks.</exception>
    internal RingDevice(string path, int bufferBytes, EntryFault? fault = null)
    {
        _path = path;
        _fault = fault;
        _ring = Ring.Create(new RingOptions { Entries = 4 });
        try
        {
            // The file is the table's own: it has no descriptor that anything else could close.
            _ = _ring.RegisterFilesSparse(1);
            IsDirect = TryOpen(OpenFlags.Direct);
            if (!IsDirect && !TryOpen(OpenFlags.ReadOnly))
            {
                throw new IOException($"Cannot open {path}: {NotPossible}.");
            }

            CheckAlignment();
            SyncDirectory();
            _buffers = _ring.RegisterBuffers(1, bufferBytes);
        }
        catch
        {
            _ring.Dispose();
            throw;
        }
    }

    /// <summary>Whether writes go past the page cache.</summary>
    internal bool IsDirect { get; }

    /// <inheritdoc/>
    public Span<byte> Buffer => _buffers.Span(0);

    /// <inheritdoc/>
    public void Write(int length, long offset)
    {
        SubmissionEntry write = Next(WriteId);
        write.PrepWriteFixed(LogFile, _buffers, 0, 0, length, (ulong)offset);
        write.Flags = SubmissionFlags.FixedFile | SubmissionFlags.Link;

        // It starts when the write has succeeded in full: a short one breaks the link.
        SubmissionEntry sync = Next(SyncId);
        sync.PrepFsync(LogFile, FileSyncFlags.DataOnly);
        sync.Flags = SubmissionFlags.FixedFile;
        _fault?.Invoke(write, sync);

        string? failure = null;
        for (int taken = 0; taken < 2;)
        {
            _ = _ring.SubmitAndWait(1, timeoutNs: -1);
            foreach (ref readonly CompletionEntry completion in _ring.TakeCompletions())
            {
                taken++;
                failure ??= Failure(in completion, length);
            }
        }

        if (failure is not null)
        {
            throw new LogFailedException($"Cannot write {_path} at {offset:N0}: {failure}.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _buffers.Dispose();
        _ring.Dispose();
    }

    private static string? Failure(in CompletionEntry completion, int length) =>
        completion.Error is { } error
            ? $"{(completion.UserData == WriteId ? "the write" : "the sync")} ended with {error}"
            : completion.UserData == WriteId && completion.Result != length
                ? $"{completion.Result:N0} of {length:N0} bytes were written"
                : null;

    private bool TryOpen(OpenFlags flags)
    {
        Next(0).PrepOpenDirect(_path, flags | OpenFlags.ReadWrite | OpenFlags.Create, Mode, LogFile);
        CompletionEntry completion = Finish();
        if (completion.Error is { } error && !error.StartsWith(NotPossible, StringComparison.Ordinal))
        {
            throw new IOException($"Cannot open {_path}: {error}.");
        }

        return completion.Error is null;
    }

    private unsafe void CheckAlignment()
    {
        // SAFETY: on this frame until the completion is there.
        FileStatus status;
        Next(0).PrepStatx(
            SubmissionEntry.CurrentDirectory, _path, 0, FileStatusFields.DirectAlignment, &status);
        if (Finish().Error is { } error)
        {
            throw new IOException($"Cannot ask about {_path}: {error}.");
        }

        if (IsDirect && status.DirectOffsetAlignment > LogFormat.BlockBytes)
        {
            throw new IOException(
                $"{_path} is on a device with blocks of {status.DirectOffsetAlignment:N0} bytes, and the log "
                + $"has blocks of {LogFormat.BlockBytes:N0}: put it on another.");
        }
    }

    // Without it, the name of a new file can be gone after a crash, and the log with it.
    private void SyncDirectory()
    {
        string directory = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        Next(0).PrepOpen(directory, OpenFlags.Directory | OpenFlags.CloseOnExec);
        CompletionEntry opened = Finish();
        string? error = opened.Error;
        if (error is null)
        {
            Next(0).PrepFsync(opened.Result, FileSyncFlags.None);
            error = Finish().Error;
            Next(0).PrepClose(opened.Result);
            _ = Finish();
        }

        if (error is not null)
        {
            throw new IOException($"Cannot sync {directory}: {error}.");
        }
    }

    private CompletionEntry Finish()
    {
        _ = _ring.SubmitAndWait(1, timeoutNs: -1);
        CompletionEntry completion;
        while (!_ring.WaitForCompletion(out completion, timeoutNs: -1))
        {
            // A signal came.
        }

        _ring.AdvanceCompletions(1);
        return completion;
    }

    private SubmissionEntry Next(ulong id)
    {
        if (!_ring.TryGetEntry(out SubmissionEntry entry))
        {
            throw new InvalidOperationException("More entries were prepared than the ring has.");
        }

        entry.UserData = id;
        return entry;
    }
}
