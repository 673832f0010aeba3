namespace Gain.Workers;

/// <summary>Why a connection that was kept is closed.</summary>
internal enum PoolEnd : byte
{
    /// <summary>Nothing has happened to it.</summary>
    None = 0,

    /// <summary>Its peer has ended it or has spoken, or nobody knows whether it has.</summary>
    Peer = 1,

    /// <summary>A newer one is kept in its stead.</summary>
    Limit = 2,

    /// <summary>Another connection needs its place.</summary>
    Room = 3,
}
