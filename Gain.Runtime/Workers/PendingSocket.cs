namespace Gain.Workers;

/// <summary>A socket that was accepted and has a worker, but could not be handed over yet.</summary>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Address">The number of the server's address that it was accepted at.</param>
/// <param name="Worker">The worker that the balancer picked.</param>
internal readonly record struct PendingSocket(int Fd, byte Address, int Worker);
