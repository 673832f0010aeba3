using Gain.CompilerServices;
using Gain.Workers;

namespace Gain;

/// <summary>Starts workers for programs that dial, and listen on nothing.</summary>
public static class GainClient
{
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
