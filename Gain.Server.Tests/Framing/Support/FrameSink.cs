namespace Gain.Tests.Server;

/// <summary>Where a test's protocol leaves its frames; reads every byte of them either way.</summary>
internal sealed class FrameSink
{
    public List<byte[]> Frames { get; } = [];

    /// <summary>Whether frames are kept. When not, nothing is allocated.</summary>
    public bool Keeps { get; set; } = true;

    public long Count { get; private set; }

    public long Sum { get; private set; }

    public void Take(ReadOnlySpan<byte> frame)
    {
        Count++;
        foreach (byte value in frame)
        {
            Sum += value;
        }

        if (Keeps)
        {
            Frames.Add(frame.ToArray());
        }
    }
}
