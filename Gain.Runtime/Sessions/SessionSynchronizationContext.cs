namespace Gain.Sessions;

/// <summary>
/// Brings the <c>async Task</c> methods that a session calls back to its worker, wherever what they awaited
/// has ended. Sessions and their parts come back without it.
/// </summary>
internal sealed class SessionSynchronizationContext(SessionHost host) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => host.Enqueue(new PostedWork(d, state));

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (!ReferenceEquals(SessionHost.Current, host))
        {
            throw new NotSupportedException(
                "A worker is not waited for: use Post, which runs the work on the worker and returns.");
        }

        d(state);
    }

    public override SynchronizationContext CreateCopy() => this;
}
