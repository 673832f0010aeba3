using Gain.CompilerServices;
using Gain.Workers;

namespace Gain;

/// <summary>Starts workers for programs that dial, and listen on nothing.</summary>
public static class GainClient
{
    /// <summary>Begins a client that has more than options: TLS, by the package Gain.Tls.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">As for <see cref="Start"/>.</param>
    /// <param name="options">How connections are dialled; copied.</param>
    /// <returns>The client, to be started.</returns>
    /// <exception cref="GainException">An option is invalid.</exception>
    public static GainClientBuilder<TProtocol> Dial<TProtocol>(TProtocol prototype, DialOptions options)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(ListenPlan<TProtocol>.OfDial(prototype, options));
    }

    /// <summary>The same with the default options.</summary>
    /// <inheritdoc cref="Dial{TProtocol}(TProtocol, DialOptions)"/>
    public static GainClientBuilder<TProtocol> Dial<TProtocol>(TProtocol prototype)
        where TProtocol : struct, IProtocol<TProtocol> => Dial(prototype, new DialOptions());

    /// <summary>Starts the workers and returns when they run.</summary>
    /// <typeparam name="TProtocol">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">
    /// The instance that connections get their copies of, unless they are dialled with a handler of their
    /// own.
    /// </param>
    /// <param name="dialOptions">How connections are dialled; copied. Null: the defaults.</param>
    /// <param name="options">
    /// The options; copied. Null: the defaults. Options of listeners have no effect.
    /// </param>
    /// <returns>What dials. Stop it by disposing it.</returns>
    /// <exception cref="GainException">
    /// An option is invalid, or the ring that <see cref="GainOptions.Ring"/> asks for is not available.
    /// </exception>
    public static GainClient<TProtocol> Start<TProtocol>(
        TProtocol prototype, DialOptions? dialOptions = null, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol> => new(GainServer.Start(
            ListenPlan<TProtocol>.OfDial(prototype, dialOptions ?? new DialOptions()), options));
}
