namespace Gain.Workers;

/// <summary>Why a worker accepts nothing for now. Several hold at once.</summary>
[Flags]
internal enum AcceptHold
{
    None = 0,

    /// <summary>
    /// An accept failed in a way that the next would, too: descriptors ran out, or the like.
    /// </summary>
    Error = 1 << 0,

    /// <summary>There are as many connections as may be, and the next ones are to wait.</summary>
    Limit = 1 << 2,
}
