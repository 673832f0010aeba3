using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Gain.Tests.Server.Streams;

/// <summary>Has a Redis client talk over streams of connections that Gain dials.</summary>
internal sealed class RedisTunnel(DialledStream client) : Tunnel
{
    // It opens no socket by itself.
    public override ValueTask<EndPoint?> GetSocketConnectEndpointAsync(
        EndPoint endpoint, CancellationToken cancellationToken) => default;

    public override async ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint,
        ConnectionType connectionType,
        Socket? socket,
        CancellationToken cancellationToken) =>
        await client.DialAsync(DialTarget.Parse($"tcp://{endpoint}"));
}
