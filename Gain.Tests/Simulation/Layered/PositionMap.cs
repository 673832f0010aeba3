namespace Gain.Tests.Simulation.Layered;

/// <summary>How much plain text some bytes of records hold: that of the whole ones.</summary>
/// <param name="raw">The bytes in front of the first record, which are plain text as they are.</param>
internal sealed class PositionMap(int raw)
{
    private readonly List<int> _ends = [];
    private readonly List<int> _plain = [];

    /// <summary>A record ends here, and so much plain text with it.</summary>
    public void Add(int end, int plain)
    {
        _ends.Add(end);
        _plain.Add(plain);
    }

    public int PlainOf(int bytes)
    {
        if (bytes <= raw)
        {
            return bytes;
        }

        int found = _ends.BinarySearch(bytes);
        int last = found >= 0 ? found : ~found - 1;
        return last < 0 ? raw : _plain[last];
    }
}
