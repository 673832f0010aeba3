namespace Gain.Sessions;

/// <summary>What was posted to the worker's <see cref="SessionSynchronizationContext"/>.</summary>
internal sealed class PostedWork(SendOrPostCallback callback, object? state) : SessionNode
{
    public void Run() => callback(state);
}
