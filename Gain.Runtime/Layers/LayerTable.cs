using Gain.Memory;

namespace Gain.Layers;

/// <summary>
/// What the layered connections of one worker have beside their slots: the state of the layer, and what it
/// has made of what was written. It is there only where a listener has a layer.
/// </summary>
internal sealed class LayerTable
{
    // A receive's bytes and the beginning of a record that was there before: one callback for both.
    private const int WindowBytes = 32 * 1024;

    private readonly LayerSession?[] _sessions;
    private readonly OutboundQueue[] _sealed;
    private readonly bool[] _isUpgraded;

    // Whom dialled connections are to, for a layer that they may ask for; null where that is not known.
    private readonly string?[] _hosts;
    private readonly byte[] _window = GC.AllocateUninitializedArray<byte>(WindowBytes, pinned: true);
    private readonly LayerOutput _output;
    private readonly SegmentPool _segments;

    // By the server's addresses, and then by its dials.
    private readonly bool[] _startsOnRequest;

    internal LayerTable(int capacity, SegmentPool segments, bool[] startsOnRequest)
    {
        _startsOnRequest = startsOnRequest;
        _segments = segments;
        _sessions = new LayerSession?[capacity];
        _sealed = new OutboundQueue[capacity];
        _isUpgraded = new bool[capacity];
        _hosts = new string?[capacity];
        _output = new LayerOutput(segments, _sealed);
    }

    /// <summary>Room for the plaintext of what is received, until the next connection's.</summary>
    internal Span<byte> Window => _window;

    /// <summary>The state of a connection; null where it has ended, or has no layer.</summary>
    internal ref LayerSession? this[int index] => ref _sessions[index];

    /// <summary>Whom a dialled connection is to, where it was dialled by a name.</summary>
    internal ref string? HostOf(int index) => ref _hosts[index];

    /// <summary>What a connection sends.</summary>
    internal ref OutboundQueue SealedOf(int index) => ref _sealed[index];

    /// <summary>Where a connection's layer writes that.</summary>
    internal LayerOutput OutputOf(int index) => _output.Of(index);

    /// <summary>Whether the connections of an address have a layer once it is asked for.</summary>
    internal bool StartsOnRequest(byte address) =>
        address < _startsOnRequest.Length && _startsOnRequest[address];

    /// <summary>Whether a connection was up before its layer: its handler knows of it.</summary>
    internal bool IsUpgraded(int index) => _isUpgraded[index];

    /// <summary>
    /// A connection that is up gets a layer. What it has written is sent as it is, before anything of the
    /// layer.
    /// </summary>
    // SAFETY: the segments stay where they are, as a send may be in flight.
    internal void BeginUpgrade(int index, ref OutboundQueue written)
    {
        _isUpgraded[index] = true;
        _sealed[index] = written;
        written = default;
        written.Bytes = _sealed[index].Bytes;
    }

    /// <summary>Ends the state of a connection, if it has not ended.</summary>
    internal void End(int index)
    {
        LayerSession? session = _sessions[index];
        _sessions[index] = null;
        _isUpgraded[index] = false;
        session?.End();
    }

    /// <summary>Drops what a connection would send. No send may be in flight.</summary>
    internal void Drop(int index) => _sealed[index].Clear(_segments);

    /// <summary>Ends whatever is left.</summary>
    internal void EndAll(int used)
    {
        for (int i = 0; i < used; i++)
        {
            End(i);
        }
    }
}
