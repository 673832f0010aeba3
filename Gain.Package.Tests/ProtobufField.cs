namespace Gain.Tests.Package;

/// <summary>A field of a message in the wire format of Protocol Buffers.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Bytes">Its value, as it is there, without its length.</param>
internal readonly record struct ProtobufField(int Number, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The fields at a path of numbers, from the message inwards.</summary>
    public static IEnumerable<ProtobufField> In(ReadOnlyMemory<byte> message, params int[] path)
    {
        IEnumerable<ProtobufField> found = All(message).Where(one => one.Number == path[0]);
        return path.Length == 1 ? found : found.SelectMany(one => In(one.Bytes, path[1..]));
    }

    private static IEnumerable<ProtobufField> All(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            int tag = ReadVarint(ref message);
            int length = (tag & 7) switch
            {
                0 => LengthOfVarint(message.Span),
                1 => 8,
                2 => ReadVarint(ref message),
                5 => 4,
                int other => throw new InvalidDataException($"wire type {other}"),
            };
            yield return new ProtobufField(tag >> 3, message[..length]);
            message = message[length..];
        }
    }

    private static int ReadVarint(ref ReadOnlyMemory<byte> message)
    {
        int length = LengthOfVarint(message.Span);
        int value = 0;
        for (int i = 0; i < length; i++)
        {
            value |= (message.Span[i] & 0x7F) << (7 * i);
        }

        message = message[length..];
        return value;
    }

    private static int LengthOfVarint(ReadOnlySpan<byte> bytes)
    {
        int length = 1;
        while (bytes[length - 1] >= 0x80)
        {
            length++;
        }

        return length;
    }
}
