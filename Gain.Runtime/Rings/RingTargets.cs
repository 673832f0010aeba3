using Gain.Kernel;

namespace Gain.Rings;

/// <summary>The rings of a server's workers, as targets of messages, by the workers' indices.</summary>
/// <remarks>
/// They outlive the rings: a message that is on its way when a worker fails must not reach whatever else has
/// got the number of its ring's descriptor. So the targets are closed when nobody sends anymore.
/// </remarks>
internal sealed class RingTargets : IDisposable
{
    private const int None = -1;

    private readonly int[] _targets;

    /// <param name="workers">The number of workers, none of which has a target yet.</param>
    public RingTargets(int workers)
    {
        _targets = new int[workers];
        Array.Fill(_targets, None);
    }

    /// <summary>A worker's descriptor for messages; negative when there is none. Set once, before anybody
    /// sends.</summary>
    public int this[int worker]
    {
        get => _targets[worker];
        set => _targets[worker] = value;
    }

    public void Dispose()
    {
        foreach (ref int target in _targets.AsSpan())
        {
            if (target >= 0)
            {
                // Linux frees the descriptor whatever close returns, so there is nothing to handle.
                Libc.Close(target);
                target = None;
            }
        }
    }
}
