namespace Gain.Sessions;

/// <summary>
/// What waits for a worker to run it. It is its own place in the queue, so that the queue can neither be full
/// nor refuse it.
/// </summary>
internal abstract class SessionNode
{
    /// <summary>The next one of the queue.</summary>
    public SessionNode? Next { get; set; }
}
