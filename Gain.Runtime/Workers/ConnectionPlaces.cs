namespace Gain.Workers;

/// <summary>The places for connections that a server's workers share. Any thread.</summary>
/// <param name="most">Their number.</param>
internal sealed class ConnectionPlaces(int most)
{
    private int _taken;

    /// <summary>Whether one is free.</summary>
    public bool HasRoom => Volatile.Read(ref _taken) < most;

    /// <summary>Takes one, if one is free. A refusal takes nothing from others meanwhile.</summary>
    public bool TryTake()
    {
        int seen = Volatile.Read(ref _taken);
        while (seen < most)
        {
            int found = Interlocked.CompareExchange(ref _taken, seen + 1, seen);
            if (found == seen)
            {
                return true;
            }

            seen = found;
        }

        return false;
    }

    /// <summary>Gives one back. A full barrier.</summary>
    public void GiveBack() => Interlocked.Decrement(ref _taken);
}
