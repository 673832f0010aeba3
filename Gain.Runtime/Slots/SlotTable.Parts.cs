using System.Runtime.CompilerServices;

namespace Gain.Slots;

/// <remarks>
/// What depends on a connection's protocol. Where a server has one, it is set once; where it has several, by
/// <see cref="Enter"/> before each callback, if the one before was another protocol's.
/// </remarks>
internal sealed unsafe partial class SlotTable
{
    private const int Nowhere = -1;

    private PerWorkerValue[][] _perWorkerOfParts = [];
    private int _entered = Nowhere;

    /// <summary>For each of the server's addresses, which part of the protocol serves it.</summary>
    public byte[] PartOf { get; init; } = [0];

    /// <summary>The worker's own instances of the types that the protocol's callbacks take.</summary>
    public PerWorkerValue[] PerWorker { get; private set; } = [];

    /// <summary>Those of all protocols, each once.</summary>
    public PerWorkerValue[] AllPerWorker { get; private set; } = [];

    /// <summary>Whether the protocol has the callback for timers of the handler's own.</summary>
    public bool HasUserTimers { get; set; }

    /// <summary>
    /// For each of the server's addresses, whether what serves it has that callback: a callback may set the
    /// timer of a connection that it has borrowed. Empty until the worker runs.
    /// </summary>
    public bool[] TimersOf { get; set; } = [];

    /// <summary>Takes the instances, and those of each part; those of the first are current.</summary>
    public void SetPerWorker(PerWorkerValue[] all, PerWorkerValue[][] ofParts)
    {
        AllPerWorker = all;
        _perWorkerOfParts = ofParts;
        PerWorker = ofParts[0];
        _entered = Nowhere;
    }

    /// <summary>A callback is next, of a connection that came in by an address.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enter(byte address, bool hasUserTimers)
    {
        if (address != _entered)
        {
            _entered = address;
            HasUserTimers = hasUserTimers;
            PerWorker = _perWorkerOfParts[PartOf[address]];
        }
    }
}
