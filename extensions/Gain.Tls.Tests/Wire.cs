namespace Gain.Tls.Tests;

/// <summary>What one end has sent and the other has not received yet.</summary>
internal sealed class Wire
{
    private byte[] _bytes = new byte[256 * 1024];
    private int _start;
    private int _end;

    internal int Count => _end - _start;

    internal ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    /// <summary>The most that GetSpan gives: a small one makes records go through the spill.</summary>
    internal int MaxRoom { get; set; } = 16384;

    internal int Calls { get; private set; }

    internal Span<byte> GetSpan(int sizeHint)
    {
        Calls++;
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_end, Math.Min(sizeHint, MaxRoom));
    }

    internal void Advance(int count) => _end += count;

    internal void Write(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    internal void Take(int count)
    {
        _start += count;
        if (_start == _end)
        {
            _start = _end = 0;
        }
    }

    internal byte[] TakeAll()
    {
        byte[] all = [.. Bytes];
        Take(all.Length);
        return all;
    }

    private void MakeRoom(int count)
    {
        if (_end + count > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _end + count));
        }
    }
}
