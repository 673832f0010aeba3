namespace Gain.Proxy.Listening;

/// <summary>
/// The entrances of the listeners that were added while the proxy runs, by the tags of their connections.
/// Workers read it; the reload writes an entrance before there is a listener for it.
/// </summary>
internal sealed class EntranceTable
{
    /// <summary>The tag of the listeners of the start, which have their entrances from their
    /// prototypes.</summary>
    public const byte OfStart = 0;

    private readonly Entrance?[] _entrances = new Entrance?[byte.MaxValue + 1];

    // The one that was given back first is the next: who came in by it last has had the most time.
    private readonly Queue<byte> _free = new(
        Enumerable.Range(OfStart + 1, byte.MaxValue).Select(tag => (byte)tag));

    /// <summary>The entrance of a tag that was taken once.</summary>
    public Entrance this[byte tag] => _entrances[tag]!;

    /// <summary>Takes a tag for an entrance.</summary>
    /// <returns>False when all are taken.</returns>
    public bool TryTake(Entrance entrance, out byte tag)
    {
        if (!_free.TryDequeue(out tag))
        {
            return false;
        }

        _entrances[tag] = entrance;
        return true;
    }

    /// <summary>
    /// The listener of a tag has ended. Its entrance stays until the tag is taken again: a connection that
    /// was accepted there may still be on its way to a worker, or to its PROXY header.
    /// </summary>
    public void GiveBack(byte tag) => _free.Enqueue(tag);
}
