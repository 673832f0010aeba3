using Gain.Kernel;

namespace Gain.Rings;

/// <summary>The ways to send messages to the rings of a server's workers, by their indices.</summary>
/// <remarks>
/// They outlive the rings: a message that is on its way when a worker fails must not reach whatever else has
/// got the number of its ring's descriptor. So the ways are closed when nobody sends anymore.
/// </remarks>
internal sealed class MessageWays : IDisposable
{
    private const int None = -1;

    private readonly int[] _ways;

    /// <param name="workers">The number of workers, none of which has a way yet.</param>
    public MessageWays(int workers)
    {
        _ways = new int[workers];
        Array.Fill(_ways, None);
    }

    /// <summary>A worker's way; negative when there is none. Set once, before anybody sends.</summary>
    public int this[int worker]
    {
        get => _ways[worker];
        set => _ways[worker] = value;
    }

    public void Dispose()
    {
        foreach (ref int way in _ways.AsSpan())
        {
            if (way >= 0)
            {
                // Linux frees the descriptor whatever close returns, so there is nothing to handle.
                Libc.Close(way);
                way = None;
            }
        }
    }
}
