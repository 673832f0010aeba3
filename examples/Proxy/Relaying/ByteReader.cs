using System.Buffers.Binary;

namespace Gain.Proxy.Relaying;

/// <summary>Reads what another program has written, without trust in its lengths: what goes beyond the end
/// breaks the reader, which then reads zeros and nothing.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> data)
{
    private ReadOnlySpan<byte> _left = data;

    /// <summary>Whether something was beyond the end.</summary>
    public bool IsBroken { get; private set; }

    public readonly bool IsAtEnd => _left.IsEmpty;

    public ReadOnlySpan<byte> Read(int count)
    {
        if (count > _left.Length)
        {
            IsBroken = true;
            _left = default;
            return default;
        }

        ReadOnlySpan<byte> read = _left[..count];
        _left = _left[count..];
        return read;
    }

    public void Skip(int count) => Read(count);

    public int ReadByte() => Read(1) is [byte value] ? value : 0;

    public int ReadUInt16() => Read(sizeof(ushort)) is { Length: sizeof(ushort) } bytes
        ? BinaryPrimitives.ReadUInt16BigEndian(bytes)
        : 0;
}
