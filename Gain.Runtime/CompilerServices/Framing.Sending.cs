using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Gain.CompilerServices;

public static partial class Framing
{
    /// <summary>
    /// Whether a frame's parts, of this many bytes in all, can all be queued. If not, none of them may be:
    /// the peer would take what follows for the rest.
    /// </summary>
    [AllocationFree]
    public static bool HasRoom(Connection connection, int bytes) => connection.Reserve(bytes);

    /// <summary>Sends a length in base 128.</summary>
    [AllocationFree]
    public static void SendVarint(Connection connection, int length)
    {
        Span<byte> prefix = stackalloc byte[MaxVarintLength];
        int count = WriteVarint(prefix, length);
        connection.Send(prefix[..count]);
    }

    /// <summary>Sends the low bytes of a number, the most significant one first.</summary>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SendBigEndian(Connection connection, long value, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        connection.Send(bytes[^size..]);
    }

    /// <summary>Sends the low bytes of a number, the least significant one first.</summary>
    [AllocationFree]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SendLittleEndian(Connection connection, long value, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        connection.Send(bytes[..size]);
    }

    /// <summary>Refuses to send a payload that no frame can hold.</summary>
    /// <param name="length">The payload's bytes.</param>
    /// <param name="least">The shortest payload that the prefix can tell.</param>
    /// <param name="most">The longest one.</param>
    /// <param name="maxFrameLength">The longest one that the protocol declares.</param>
    [DoesNotReturn]
    public static void ThrowUnsendable(int length, int least, int most, int maxFrameLength) =>
        throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The payload has {length:N0} bytes: the framing holds {least:N0} to {most:N0}, "
                + $"and MaxFrameLength is {maxFrameLength:N0}."),
            "payload");

    /// <summary>Refuses to send a message of another size than the declared one.</summary>
    [DoesNotReturn]
    public static void ThrowWrongSize(int length, int size) =>
        throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The payload has {length:N0} bytes, but every frame has {size:N0}."),
            "payload");

    /// <summary>Refuses a header of another size than the declared one.</summary>
    [DoesNotReturn]
    public static void ThrowWrongHeader(int length, int offset) =>
        throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The header has {length:N0} bytes, but {offset:N0} stand in front of the length."),
            "header");

    /// <summary>Refuses to send a payload that the peer would take for more than one frame.</summary>
    [DoesNotReturn]
    public static void ThrowHoldsDelimiter() =>
        throw new ArgumentException(
            "The payload and its delimiter would be read as more than one frame: "
            + "the payload holds the delimiter, or ends with a part of it.",
            "payload");
}
