using Gain.Workers;

namespace Gain;

/// <remarks>Listeners behind load balancers.</remarks>
public sealed partial class GainServerBuilder<TProtocol>
{
    /// <summary>
    /// Says that load balancers connect to the tcp://, tls:// and unix:// addresses that the server was given
    /// so far, and that each of their connections begins with a header of the PROXY protocol, version 1 or 2:
    /// before TLS, and before <c>OnAccept</c>. <see cref="Connection.RemoteAddress"/> is then the client's
    /// address, and limits that go by addresses go by it.
    /// </summary>
    /// <param name="options">Which balancers are believed; copied.</param>
    /// <returns>The server with it.</returns>
    /// <exception cref="GainException">An option is invalid, or no such address is left.</exception>
    /// <example>
    /// <code>
    /// await using var server = GainServer.Listen(new Echo(), "tcp://0.0.0.0:9000")
    ///     .UseProxyProtocol(new ProxyProtocolOptions { TrustedNetworks = { "10.0.0.0/8" } })
    ///     .Start();
    /// </code>
    /// </example>
    public GainServerBuilder<TProtocol> UseProxyProtocol(ProxyProtocolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_plan.With(new ProxyRule(options)));
    }
}
