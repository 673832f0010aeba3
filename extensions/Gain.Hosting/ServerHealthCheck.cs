using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gain.Hosting;

/// <summary>Whether a server is ready for clients.</summary>
internal sealed class ServerHealthCheck(HostedGainServer server) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
            server.IsReady
                ? HealthCheckResult.Healthy(
                    $"{server.Name} accepts at {string.Join(", ", server.Server.Addresses)}")
                : new HealthCheckResult(
                    context.Registration.FailureStatus, $"{server.Name} does not accept connections"));
}
