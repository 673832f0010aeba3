using Gain.CompilerServices;

namespace Gain;

/// <remarks>Protocols of connections that go out.</remarks>
public sealed partial class GainServerBuilder<TProtocol>
{
    /// <summary>
    /// Lets connections be dialled that the same protocol serves, and sockets for datagrams if it has
    /// <c>OnDatagram</c>.
    /// </summary>
    /// <param name="prototype">
    /// The instance that those get their copies of that are not dialled with a handler of their own.
    /// </param>
    /// <param name="options">How they are dialled; copied.</param>
    /// <returns>The server that may dial as well.</returns>
    /// <exception cref="GainException">An option is invalid, or the type was given before.</exception>
    public GainServerBuilder<TProtocol> Dial(TProtocol prototype, DialOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_plan.WithDial(prototype, options));
    }

    /// <summary>The same with the default options.</summary>
    /// <inheritdoc cref="Dial(TProtocol, DialOptions)"/>
    public GainServerBuilder<TProtocol> Dial(TProtocol prototype) => Dial(prototype, new DialOptions());

    /// <summary>
    /// Lets connections be dialled that another protocol serves, and sockets for datagrams if it has
    /// <c>OnDatagram</c>.
    /// </summary>
    /// <typeparam name="TOther">A partial struct with <see cref="GainProtocolAttribute"/>.</typeparam>
    /// <param name="prototype">As for the other overload.</param>
    /// <param name="options">As for the other overload.</param>
    /// <returns>As for the other overload.</returns>
    /// <exception cref="GainException">As for the other overload.</exception>
    public GainServerBuilder<ProtocolPair<TProtocol, TOther>> Dial<TOther>(
        TOther prototype, DialOptions options)
        where TOther : struct, IProtocol<TOther>
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(
            _plan
                .As(ProtocolPair<TProtocol, TOther>.OfFirst)
                .WithDial(ProtocolPair<TProtocol, TOther>.OfSecond(prototype), options));
    }

    /// <summary>The same with the default options.</summary>
    /// <inheritdoc cref="Dial{TOther}(TOther, DialOptions)"/>
    public GainServerBuilder<ProtocolPair<TProtocol, TOther>> Dial<TOther>(TOther prototype)
        where TOther : struct, IProtocol<TOther> => Dial(prototype, new DialOptions());
}
