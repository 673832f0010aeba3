namespace Gain.Workers;

/// <summary>A socket that was accepted and has a worker, but could not be handed over yet.</summary>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Listener">The index of the listener that it came from.</param>
/// <param name="Worker">The worker that the balancer picked.</param>
internal readonly record struct PendingSocket(int Fd, int Listener, int Worker);
