namespace Gain.Tests.Server;

/// <summary>A protocol of each framing, that keeps the frames it gets.</summary>
internal static partial class CollectingProtocols
{
    [GainProtocol]
    [LengthPrefixed(Size = 1, MaxFrameLength = 1_000)]
    internal partial struct OneByte(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 2, BigEndian = false, MaxFrameLength = 300)]
    internal partial struct TwoBytes(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 3, Offset = 1, MaxFrameLength = 300)]
    internal partial struct ThreeBytes(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 3, BigEndian = false, IncludesHeader = true, MaxFrameLength = 9)]
    internal partial struct ThreeLittle(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(MaxFrameLength = 300)]
    internal partial struct Int(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(BigEndian = false, Offset = 2, Adjustment = 5, MaxFrameLength = 90)]
    internal partial struct IntAdjusted(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 2, Offset = 3, Adjustment = 1, Strip = false, MaxFrameLength = 70)]
    internal partial struct Typed(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 8, Adjustment = -1, IncludesHeader = true, MaxFrameLength = 70)]
    internal partial struct Long(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [LengthPrefixed(Size = 8, BigEndian = false, Adjustment = 3, MaxFrameLength = 70)]
    internal partial struct LongAdjusted(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [FixedSize(1)]
    internal partial struct EachByte(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [FixedSize(7)]
    internal partial struct Seven(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [VarintPrefixed(300)]
    internal partial struct Varint(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [Delimited("\r\n", MaxFrameLength = 40)]
    internal partial struct Line(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }

    [GainProtocol]
    [Delimited("aab", MaxFrameLength = 40)]
    internal partial struct Overlapping(List<byte[]> frames)
    {
        private readonly void OnFrame(ReadOnlySpan<byte> frame) => frames.Add(frame.ToArray());
    }
}
