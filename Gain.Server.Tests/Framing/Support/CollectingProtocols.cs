using System.Buffers.Binary;
using System.Buffers.Text;

namespace Gain.Tests.Server;

/// <summary>A protocol of each framing, that keeps the frames it gets.</summary>
internal static partial class CollectingProtocols
{
    [GainProtocol]
    [LengthPrefixed(Size = 1, MaxFrameLength = 1_000)]
    internal partial struct OneByte(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 2, BigEndian = false, MaxFrameLength = 300)]
    internal partial struct TwoBytes(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 3, Offset = 1, MaxFrameLength = 300)]
    internal partial struct ThreeBytes(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 3, BigEndian = false, IncludesHeader = true, MaxFrameLength = 9)]
    internal partial struct ThreeLittle(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(MaxFrameLength = 300)]
    internal partial struct Int(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(BigEndian = false, Offset = 2, Adjustment = 5, MaxFrameLength = 90)]
    internal partial struct IntAdjusted(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 2, Offset = 3, Adjustment = 1, Strip = false, MaxFrameLength = 70)]
    internal partial struct Typed(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 8, Adjustment = -1, IncludesHeader = true, MaxFrameLength = 70)]
    internal partial struct Long(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [LengthPrefixed(Size = 8, BigEndian = false, Adjustment = 3, MaxFrameLength = 70)]
    internal partial struct LongAdjusted(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [FixedSize(1)]
    internal partial struct EachByte(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [FixedSize(7)]
    internal partial struct Seven(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [VarintPrefixed(300)]
    internal partial struct Varint(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    /// <summary>As in <c>5:hello,</c>.</summary>
    [GainProtocol]
    [CustomFraming(MaxFrameLength = 60)]
    internal partial struct Netstring(FrameSink sink)
    {
        public static void Send(Connection connection, ReadOnlySpan<byte> payload)
        {
            Utf8Formatter.TryFormat(payload.Length, connection.GetSpan(10), out int written);
            connection.Advance(written);
            connection.Send(":"u8);
            connection.Send(payload);
            connection.Send(","u8);
        }

        private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
        {
            frame = default;
            int digits = buffer.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            if (digits < 0 && buffer.Length <= 2)
            {
                return false;
            }

            if (digits is < 1 or > 2 || buffer[digits] != (byte)':')
            {
                buffer = default;
                return false;
            }

            Utf8Parser.TryParse(buffer[..digits], out int length, out _);
            int end = digits + 1 + length;
            if (buffer.Length <= end)
            {
                return false;
            }

            if (buffer[end] != (byte)',')
            {
                buffer = default;
                return false;
            }

            frame = buffer[(digits + 1)..end];
            buffer = buffer[(end + 1)..];
            return true;
        }

        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    /// <summary>
    /// A count of four bytes, then so many; read as by a parser that consumes as it goes, and so leaves the
    /// buffer somewhere when more is missing.
    /// </summary>
    [GainProtocol]
    [CustomFraming(MaxFrameLength = 700)]
    internal partial struct Counted(FrameSink sink)
    {
        public static void Send(Connection connection, ReadOnlySpan<byte> payload)
        {
            BinaryPrimitives.WriteUInt32BigEndian(connection.GetSpan(4), (uint)payload.Length);
            connection.Advance(4);
            connection.Send(payload);
        }

        private static bool TryReadFrame(ref ReadOnlySpan<byte> buffer, out ReadOnlySpan<byte> frame)
        {
            frame = default;
            if (!BinaryPrimitives.TryReadUInt32BigEndian(buffer, out uint length))
            {
                return false;
            }

            buffer = buffer[4..];
            if (buffer.Length < length)
            {
                return false;
            }

            frame = buffer[..(int)length];
            buffer = buffer[(int)length..];
            return true;
        }

        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [Delimited("\r\n", MaxFrameLength = 40)]
    internal partial struct Line(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }

    [GainProtocol]
    [Delimited("aab", MaxFrameLength = 40)]
    internal partial struct Overlapping(FrameSink sink)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => sink.Take(frame);
    }
}
