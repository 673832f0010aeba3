namespace Gain.Analyzers.Lifetime;

/// <summary>What a call does to the frame that is open.</summary>
internal enum FrameEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It begins one, and leaves it open.</summary>
    Begins,

    /// <summary>It ends or drops one, or may.</summary>
    MayEnd,
}
