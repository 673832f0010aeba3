using System.ComponentModel;
using Gain.CompilerServices;
using Gain.Layers;
using Gain.Workers;

namespace Gain;

/// <summary>
/// A client that is about to start, and what it dials with. Immutable.
/// <see cref="GainClient.Dial{TProtocol}(TProtocol)"/> makes it.
/// </summary>
/// <typeparam name="TProtocol">The protocol of its connections.</typeparam>
public sealed class GainClientBuilder<TProtocol>
    where TProtocol : struct, IProtocol<TProtocol>
{
    private readonly ListenPlan<TProtocol> _plan;

    internal GainClientBuilder(ListenPlan<TProtocol> plan) => _plan = plan;

    /// <summary>As <see cref="GainServerBuilder{TProtocol}.WithDialLayer"/>.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>The client with it.</returns>
    /// <exception cref="GainException">It has one already.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public GainClientBuilder<TProtocol> WithDialLayer(ConnectionLayer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        return new(_plan.WithDialLayer(layer));
    }

    /// <summary>Starts the workers and returns when they run.</summary>
    /// <param name="options">
    /// The options; copied. Null: the defaults. Options of listeners have no effect.
    /// </param>
    /// <returns>What dials. Stop it by disposing it.</returns>
    /// <exception cref="GainException">As for <c>GainClient.Start</c>.</exception>
    public GainClient<TProtocol> Start(GainOptions? options = null) =>
        new(GainServer.Start(_plan, options));
}
