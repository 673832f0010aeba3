namespace Gain;

/// <summary>What happens to clients that come when a limit on connections is reached.</summary>
public enum ConnectionLimitPolicy
{
    /// <summary>
    /// They are accepted, sent <c>GainOptions.Accepting.Farewell</c>, and closed. They know at once, and can
    /// go to another server.
    /// </summary>
    Refuse = 0,

    /// <summary>
    /// They wait in the listen queue until a connection closes. When the queue is full
    /// (<c>GainOptions.Accepting.Backlog</c>) the kernel drops their packets, and they try again by
    /// themselves.
    /// </summary>
    StopAccepting = 1,
}
