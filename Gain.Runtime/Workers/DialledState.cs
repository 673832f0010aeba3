namespace Gain.Workers;

/// <summary>How far a socket for datagrams is that was dialled.</summary>
internal enum DialledState : byte
{
    /// <summary>The place is nobody's.</summary>
    Free,

    /// <summary>It is not connected yet; what is written waits.</summary>
    Opening,

    /// <summary>It receives and sends.</summary>
    Open,

    /// <summary>It ends: what had arrived is delivered, unless it was closed, and what is in flight comes
    /// home.</summary>
    Ending,
}
