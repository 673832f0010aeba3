using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Gain.CompilerServices;

public static partial class Framing
{
    /// <summary>Begins a frame, with room for a header of some length in front of what is written.</summary>
    [AllocationFree]
    public static void BeginFrame(Connection connection, int headerLength) =>
        connection.BeginFrame(headerLength, []);

    /// <summary>Like the other overload, with the first bytes of the header.</summary>
    [AllocationFree]
    public static void BeginFrame(Connection connection, ReadOnlySpan<byte> header, int headerLength) =>
        connection.BeginFrame(headerLength, header);

    /// <summary>Whether there is a frame to end, and how long its payload is.</summary>
    /// <returns>
    /// False when the frame was dropped: the connection is closing, or there was no room for all of it.
    /// </returns>
    [AllocationFree]
    public static bool TryEndFrame(Connection connection, out int length) =>
        connection.TryEndFrame(out length);

    /// <summary>Ends a frame without a header.</summary>
    [AllocationFree]
    public static void EndFrame(Connection connection) => connection.EndFrame();

    /// <summary>Ends a frame with a delimiter.</summary>
    [AllocationFree]
    public static void EndFrame(Connection connection, ReadOnlySpan<byte> delimiter)
    {
        if (connection.FrameHolds(delimiter))
        {
            connection.CancelFrame();
            ThrowHeldDelimiter();
        }

        connection.Send(delimiter);
        if (TryEndFrame(connection, out _))
        {
            connection.EndFrame();
        }
    }

    /// <summary>Ends a frame: writes its length to its header, the most significant byte first.</summary>
    [AllocationFree]
    public static void EndBigEndian(Connection connection, long value, int size, int offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        bytes[^size..].CopyTo(connection.FrameHeader[offset..]);
        connection.EndFrame();
    }

    /// <summary>Ends a frame: writes its length to its header, the least significant byte first.</summary>
    [AllocationFree]
    public static void EndLittleEndian(Connection connection, long value, int size, int offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        bytes[..size].CopyTo(connection.FrameHeader[offset..]);
        connection.EndFrame();
    }

    /// <summary>Ends a frame behind its length in base 128, for which the most room was reserved.</summary>
    [AllocationFree]
    public static void EndVarint(Connection connection, int length)
    {
        // The shortest encoding: readers, ours among them, may refuse another one.
        WriteVarint(connection.ShortenFrameHeader(VarintLength(length)), length);
        connection.EndFrame();
    }

    /// <summary>Drops a frame.</summary>
    [AllocationFree]
    public static void CancelFrame(Connection connection) => connection.CancelFrame();

    /// <summary>Drops a frame whose payload no frame can hold.</summary>
    /// <param name="connection">The connection that has it.</param>
    /// <param name="length">The payload's bytes.</param>
    /// <param name="least">The shortest payload that the framing can tell.</param>
    /// <param name="most">The longest one.</param>
    /// <param name="maxFrameLength">The longest one that the protocol declares.</param>
    [AllocationFree]
    [DoesNotReturn]
    public static void DropUnsendable(
        Connection connection, int length, int least, int most, int maxFrameLength)
    {
        connection.CancelFrame();
        throw new InvalidOperationException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The frame's payload has {length:N0} bytes: the framing holds {least:N0} to {most:N0}, "
                + $"and MaxFrameLength is {maxFrameLength:N0}. The frame was dropped."));
    }

    /// <summary>Refuses to send with a framing attribute that is invalid.</summary>
    [DoesNotReturn]
    public static void ThrowInvalid() =>
        throw new InvalidOperationException(
            "The protocol's framing attribute is invalid, or there are two: nothing can be framed with it.");

    [DoesNotReturn]
    private static void ThrowHeldDelimiter() =>
        throw new InvalidOperationException(
            "The frame and its delimiter would be read as more than one frame: its payload holds the "
            + "delimiter, or ends with a part of it. The frame was dropped.");

    /// <summary>The bytes that a length takes in base 128.</summary>
    private static int VarintLength(int length) => (BitOperations.Log2((uint)length | 1) / 7) + 1;

    private static int WriteVarint(Span<byte> target, int length)
    {
        int count = 0;
        uint rest = (uint)length;
        for (; rest >= 0x80; rest >>= 7)
        {
            target[count++] = (byte)(rest | 0x80);
        }

        target[count++] = (byte)rest;
        return count;
    }
}
