using Gain.Rings;

namespace Gain.Workers;

/// <summary>
/// Makes a server's acceptor: knows its balancer, before it is known which ring the server runs on.
/// </summary>
internal abstract class AcceptorMaker
{
    /// <summary>The one that the (valid) options ask for; null for none.</summary>
    public static AcceptorMaker? For(GainOptions options) =>
        options.Architecture == GainArchitecture.Sharding ? null : options.Balancing switch
        {
            GainBalancing.LeastConnections => With(default(LeastConnectionsBalancer)),
            GainBalancing.SourceIPHash => With(default(SourceIPHashBalancer)),
            _ => With(default(RoundRobinBalancer)),
        };

    /// <summary>One with a balancer of the user's.</summary>
    /// <param name="balancer">The instance to begin with; copied.</param>
    public static AcceptorMaker With<TBalancer>(TBalancer balancer)
        where TBalancer : struct, IBalancer => new Maker<TBalancer>(balancer);

    /// <summary>Makes the acceptor.</summary>
    /// <param name="options">The server's options, valid.</param>
    /// <param name="server">What it shares with the workers.</param>
    /// <param name="listeners">The number of listening sockets.</param>
    public abstract AcceptorLoop<TRing> Make<TRing>(GainOptions options, ServerState server, int listeners)
        where TRing : struct, IRing;

    private sealed class Maker<TBalancer>(TBalancer balancer) : AcceptorMaker
        where TBalancer : struct, IBalancer
    {
        public override AcceptorLoop<TRing> Make<TRing>(
            GainOptions options, ServerState server, int listeners) =>
            new Acceptor<TBalancer, TRing>(options.ForAcceptor(), server, listeners, balancer);
    }
}
