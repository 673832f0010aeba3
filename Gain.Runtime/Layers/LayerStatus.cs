using System.ComponentModel;

namespace Gain.Layers;

/// <summary>What came of a step of a <see cref="LayerSession"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum LayerStatus
{
    /// <summary>All input was taken, and more is needed.</summary>
    NeedsInput = 0,

    /// <summary>There is plaintext; the next step goes on.</summary>
    Data = 1,

    /// <summary>The connection is set up, and its handler may have it; the next step goes on.</summary>
    Ready = 2,

    /// <summary>
    /// The set-up waits for something of ours. What was handed to the layer when it was opened says when it
    /// goes on.
    /// </summary>
    Suspended = 3,

    /// <summary>The peer has ended what it sends, in order.</summary>
    Closed = 4,

    /// <summary>It has failed for good; what it wrote is still sent.</summary>
    Failed = 5,
}
