namespace Gain.Workers;

/// <summary>How far a worker is in stopping.</summary>
internal enum StopStage
{
    /// <summary>It runs.</summary>
    None,

    /// <summary>Accepting has ended; what has arrived is being delivered.</summary>
    Delivering,

    /// <summary>Every connection is closing as its output goes out.</summary>
    Closing,

    /// <summary>The deadline has passed; what was left was aborted.</summary>
    Aborting,
}
