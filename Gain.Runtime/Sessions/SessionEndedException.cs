namespace Gain;

/// <summary>
/// Something was asked of a session's connection, and the connection is over, or the session was told before
/// that nothing more comes. A session that lets it pass ends as one that returns; it counts as no fault.
/// </summary>
public sealed class SessionEndedException : InvalidOperationException
{
    /// <summary>Makes one with a message of its own.</summary>
    /// <param name="message">What was asked, and why it cannot be.</param>
    public SessionEndedException(string message)
        : base(message)
    {
    }
}
