namespace Gain.Testing.Rings;

/// <summary>Bytes on their way: added at the end, taken from the beginning.</summary>
internal sealed class ByteQueue
{
    private const int FirstCapacity = 1_024;

    private byte[] _bytes = [];
    private int _start;
    private int _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void Take(int count)
    {
        _start += count;
        if (_start == _end)
        {
            Clear();
        }
    }

    public void Clear() => _start = _end = 0;

    private void MakeRoom(int count)
    {
        if (_bytes.Length - _end >= count)
        {
            return;
        }

        int held = Count;
        byte[] target = held + count <= _bytes.Length / 2
            ? _bytes
            : new byte[Math.Max(FirstCapacity, checked((held + count) * 2))];
        Buffer.BlockCopy(_bytes, _start, target, 0, held);
        _bytes = target;
        _start = 0;
        _end = held;
    }
}
