using Gain.Mail;

namespace Gain.Workers;

/// <summary>A socket that was accepted and has a worker, but could not be handed over yet.</summary>
/// <param name="Fd">Its descriptor.</param>
/// <param name="Origin">Where it was accepted.</param>
/// <param name="Worker">The worker that the balancer picked.</param>
internal readonly record struct PendingSocket(int Fd, Origin Origin, int Worker);
