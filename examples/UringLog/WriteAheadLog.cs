using System.Threading.Channels;

namespace Gain.UringLog;

/// <summary>
/// A log of records that are on the device when <see cref="AppendAsync"/> says so. Any thread appends; one
/// thread writes, and what arrives while it waits for the device goes out together, as the next group.
/// </summary>
internal sealed class WriteAheadLog : IAsyncDisposable
{
    /// <summary>The largest group in bytes.</summary>
    internal const int GroupBytes = 256 * 1024;

    /// <summary>The largest record: alone in a group.</summary>
    internal const int MaxRecordBytes = GroupBytes - LogFormat.HeadBytes - LogFormat.LengthBytes;

    /// <summary>The records that wait at most; appending one more waits for room.</summary>
    internal const int MaxWaiting = 4096;

    private readonly Channel<Waiting> _waiting = Channel.CreateBounded<Waiting>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true });

    private readonly List<Waiting> _group = [];
    private readonly TaskCompletionSource _opened = NewSource();
    private readonly Thread _writer;
    private LogPosition _position;
    private Waiting? _first;

    private WriteAheadLog(LogPosition position, Func<ILogDevice> device)
    {
        _position = position;
        _writer = new Thread(() => Run(device)) { IsBackground = true, Name = "log" };
    }

    /// <summary>Opens a log, and drops what a crash left behind its whole part.</summary>
    /// <param name="path">The file; it is made when there is none.</param>
    /// <returns>The log.</returns>
    /// <exception cref="IOException">The file cannot be used.</exception>
    internal static Task<WriteAheadLog> OpenAsync(string path) =>
        OpenAsync(path, () => new RingDevice(path, GroupBytes));

    /// <summary>As the other one, on a device of the caller's, which the log's thread makes.</summary>
    internal static async Task<WriteAheadLog> OpenAsync(string path, Func<ILogDevice> device)
    {
        _ = LogReader.Read(path, out LogPosition end);
        if (File.Exists(path))
        {
            // What an unfinished group has left could look like the next one's successor.
            using FileStream file = new(path, FileMode.Open, FileAccess.Write, FileShare.Read);
            file.SetLength(end.Offset);
            file.Flush(flushToDisk: true);
        }

        WriteAheadLog log = new(end, device);
        log._writer.Start();
        await log._opened.Task.ConfigureAwait(false);
        return log;
    }

    /// <summary>Appends a record. Any thread.</summary>
    /// <param name="data">The record, unchanged until the task is over.</param>
    /// <returns>Its number, when it is on the device.</returns>
    /// <exception cref="ArgumentException">It is too long.</exception>
    /// <exception cref="LogFailedException">The log failed, now or before.</exception>
    /// <exception cref="ObjectDisposedException">The log was closed.</exception>
    internal async Task<long> AppendAsync(ReadOnlyMemory<byte> data)
    {
        if (data.Length > MaxRecordBytes)
        {
            throw new ArgumentException(
                $"The record has {data.Length:N0} bytes, and one has at most {MaxRecordBytes:N0}: split it.");
        }

        Waiting waiting = new(data);
        try
        {
            await _waiting.Writer.WriteAsync(waiting).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw closed.InnerException is LogFailedException failure
                ? new LogFailedException(failure.Message)
                : new ObjectDisposedException(nameof(WriteAheadLog));
        }

        return await waiting.Done.Task.ConfigureAwait(false);
    }

    /// <summary>Writes what waits, and closes the log.</summary>
    public async ValueTask DisposeAsync()
    {
        _ = _waiting.Writer.TryComplete();
        await Task.Run(_writer.Join).ConfigureAwait(false);
    }

    // The ring is this thread's.
    private void Run(Func<ILogDevice> make)
    {
        ILogDevice device;
        try
        {
            device = make();
            _opened.SetResult();
        }
        catch (Exception failure)
        {
            _opened.SetException(failure);
            return;
        }

        using (device)
        {
            try
            {
                while (Gather(device.Buffer, out int end))
                {
                    WriteGroup(device, end);
                }
            }
            catch (LogFailedException failure)
            {
                Fail(failure);
            }
        }
    }

    // False when the log is closed, and all is written.
    private bool Gather(Span<byte> buffer, out int end)
    {
        _group.Clear();
        end = LogFormat.HeadBytes;
        if (_first is null && !_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            return false;
        }

        while (_first is not null || _waiting.Reader.TryRead(out _first))
        {
            if (end + LogFormat.SizeOf(_first.Data.Length) > buffer.Length)
            {
                break;
            }

            end = LogFormat.Add(buffer, end, _first.Data.Span);
            _group.Add(_first);
            _first = null;
        }

        return true;
    }

    private void WriteGroup(ILogDevice device, int end)
    {
        LogPosition next = LogFormat.Seal(device.Buffer, end, _group.Count, in _position);
        device.Write(LogFormat.Blocks(end), _position.Offset);
        for (int i = 0; i < _group.Count; i++)
        {
            _group[i].Done.SetResult(_position.Sequence + i);
        }

        _position = next;
    }

    private void Fail(LogFailedException failure)
    {
        _ = _waiting.Writer.TryComplete(failure);
        _group.ForEach(waiting => waiting.Done.SetException(new LogFailedException(failure.Message)));
        _first?.Done.SetException(new LogFailedException(failure.Message));
        while (_waiting.Reader.TryRead(out Waiting? waiting))
        {
            waiting.Done.SetException(new LogFailedException(failure.Message));
        }
    }

    private static TaskCompletionSource NewSource() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Waiting(ReadOnlyMemory<byte> data)
    {
        internal ReadOnlyMemory<byte> Data { get; } = data;

        // Code that awaits goes on elsewhere: this thread writes.
        internal TaskCompletionSource<long> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
