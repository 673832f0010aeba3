namespace Gain.Workers;

/// <summary>How far a dial is on its way to a socket of the pool.</summary>
internal enum RentStage : byte
{
    /// <summary>It has to connect.</summary>
    None = 0,

    /// <summary>It may have one, if there is one to its target.</summary>
    Seeking = 1,

    /// <summary>
    /// It has found one, whose receive is being cancelled: that tells whether the peer is gone.
    /// </summary>
    Taking = 2,

    /// <summary>It has its socket, and is up.</summary>
    Taken = 3,
}
