using Gain.UringLog;

namespace Gain.Tests.Uring;

/// <summary>
/// A device that fails once, at a write of a number: after a part of it, in any order of blocks, or after all
/// of it. What was durable before stays, as of a real one.
/// </summary>
internal sealed class FaultyDevice(string path, Random random, int failingWrite) : ILogDevice
{
    private readonly byte[] _buffer = new byte[WriteAheadLog.GroupBytes];
    private readonly FileStream _file =
        new(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    private int _writes;

    public Span<byte> Buffer => _buffer;

    public void Write(int length, long offset)
    {
        if (_writes++ != failingWrite)
        {
            Put(0, length, offset);
            return;
        }

        // A crash in the middle leaves some blocks of it, a lost sync all or none.
        for (int start = 0; start < length; start += LogFormat.BlockBytes)
        {
            if (random.Next(3) != 0)
            {
                Put(start, LogFormat.BlockBytes, offset);
            }
        }

        throw new LogFailedException("The device failed.");
    }

    public void Dispose() => _file.Dispose();

    private void Put(int start, int length, long offset)
    {
        _file.Position = offset + start;
        _file.Write(_buffer, start, length);
        _file.Flush();
    }
}
