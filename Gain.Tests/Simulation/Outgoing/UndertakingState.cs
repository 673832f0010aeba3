namespace Gain.Tests.Simulation.Outgoing;

/// <summary>How far an undertaking is.</summary>
internal enum UndertakingState
{
    /// <summary>Nobody has told of it: a dial that another thread has asked for.</summary>
    None,

    /// <summary>Neither OnConnect nor OnConnectFailed has come.</summary>
    Pending,

    /// <summary>OnConnect has come.</summary>
    Up,

    /// <summary>It has ended, and is to be dialled again.</summary>
    Waiting,

    /// <summary>Nothing comes anymore.</summary>
    Over,
}
