namespace Gain.Bench.Micro;

/// <summary>Counts frames behind a length of four bytes, and their bytes.</summary>
[GainProtocol]
[LengthPrefixed(Size = 4, MaxFrameLength = 65_536)]
internal partial struct PrefixedCounter
{
    public long Frames;
    public long Checksum;

    private void OnFrame(ReadOnlySpan<byte> payload)
    {
        Frames++;
        Checksum += payload.Length + payload[0] + payload[^1];
    }
}
