namespace Gain.Tests.Simulation.Layered;

/// <summary>What a record of the simulated layer is.</summary>
internal enum RecordKind : byte
{
    /// <summary>The client's first, which says who it is and what it wants.</summary>
    Hello = 1,

    /// <summary>The server's answer to it.</summary>
    Reply,

    /// <summary>The client's last of its set-up.</summary>
    Finish,

    /// <summary>The server's last, which comes with the first data.</summary>
    Ticket,

    /// <summary>Data, of either end.</summary>
    Data,

    /// <summary>The client's demand for an <see cref="Answer"/>, in between.</summary>
    Ask,

    /// <summary>What the server's layer sends of itself.</summary>
    Answer,

    /// <summary>The end of what one end sends, in order.</summary>
    Close,

    /// <summary>The server's, in place of anything more: it cannot read what it was sent.</summary>
    Alert,
}
