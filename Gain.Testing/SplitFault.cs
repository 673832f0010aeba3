namespace Gain.Testing;

/// <summary>What a peer does besides sending.</summary>
internal enum SplitFault
{
    /// <summary>Nothing: it reads at once.</summary>
    None,

    /// <summary>It reads a little now and then, and all at the end.</summary>
    SlowReader,

    /// <summary>It resets the connection somewhere.</summary>
    Reset,
}
