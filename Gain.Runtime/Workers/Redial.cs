using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// A connection that is dialled again when it ends, by slot: all that it has been are in this one.
/// </summary>
internal struct Redial
{
    /// <summary>What <see cref="UpMs"/> is of one that is not up.</summary>
    public const long NotUp = -1;

    /// <summary>When; null where the slot has no such connection.</summary>
    public RedialSetting? Setting;

    /// <summary>Where to.</summary>
    public RemoteEnd Target;

    /// <summary>The index of what it is dialled with in the space of the server's addresses.</summary>
    public byte Address;

    /// <summary>The slot's generation when it was dialled first: handles of any since then mean it.</summary>
    public uint FirstGeneration;

    /// <summary>The longest that the next delay may be.</summary>
    public long NextMs;

    /// <summary>The delay until it is dialled again; 0 unless it has ended and has still its slot.</summary>
    public long DelayMs;

    /// <summary>Since when it is up; <see cref="NotUp"/> if it is not.</summary>
    public long UpMs;

    /// <summary>The program has ended it: what it is told next is the last.</summary>
    public bool IsOver;
}
