namespace Gain.Tests.Server.Proxies;

/// <summary>The other end of what a <see cref="Balancer"/> dials.</summary>
[GainProtocol]
internal partial struct Backend
{
    public ConnectionHandle Client;

    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = Client.TrySend(data);

    private readonly void OnClose() => _ = Client.TryClose();
}
