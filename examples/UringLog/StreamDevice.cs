namespace Gain.UringLog;

/// <summary>
/// As <see cref="RingDevice"/>, by a FileStream: a write, and a flush to the disk. What the bench compares
/// with, so that both have the same groups.
/// </summary>
internal sealed class StreamDevice(string path, int bufferBytes) : ILogDevice
{
    private readonly byte[] _buffer = new byte[bufferBytes];

    private readonly FileStream _stream =
        new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);

    /// <inheritdoc/>
    public Span<byte> Buffer => _buffer;

    /// <inheritdoc/>
    public void Write(int length, long offset)
    {
        try
        {
            _stream.Position = offset;
            _stream.Write(_buffer, 0, length);
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException failure)
        {
            throw new LogFailedException($"Cannot write {_stream.Name} at {offset:N0}: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();
}
