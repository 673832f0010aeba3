using Gain.CompilerServices;
using Gain.Layers;
using Gain.Sockets;
using Microsoft.Extensions.Logging;

namespace Gain.Workers;

/// <summary>What a server is to listen on, and what serves each address. Immutable.</summary>
/// <typeparam name="TProtocol">The protocol of its workers.</typeparam>
internal sealed class ListenPlan<TProtocol>
    where TProtocol : struct, IProtocol<TProtocol>
{
    /// <summary>The most addresses: a slot names its connection's in one byte.</summary>
    internal const int MaxAddresses = 256;

    private readonly TProtocol[] _prototypes;
    private readonly ServerAddress[] _addresses;
    private readonly byte[] _prototypeOf;

    private ListenPlan(
        TProtocol[] prototypes, ServerAddress[] addresses, byte[] prototypeOf, ConnectionLayer?[] layers)
    {
        _prototypes = prototypes;
        _addresses = addresses;
        _prototypeOf = prototypeOf;
        Layers = layers;
    }

    /// <summary>For each address, what lies between its sockets and the protocol.</summary>
    internal ConnectionLayer?[] Layers { get; }

    /// <summary>One prototype for all addresses, at least one.</summary>
    /// <exception cref="GainException">There are too many, or one is there twice.</exception>
    internal static ListenPlan<TProtocol> Of(TProtocol prototype, params ServerAddress[] addresses) =>
        new ListenPlan<TProtocol>([], [], [], []).With(prototype, addresses);

    /// <summary>The same plan, and another prototype for further addresses.</summary>
    /// <exception cref="GainException">As for <see cref="Of"/>.</exception>
    internal ListenPlan<TProtocol> With(TProtocol prototype, ServerAddress[] addresses)
    {
        ServerAddress[] all = [.. _addresses, .. addresses];
        Check(all);
        byte number = (byte)_prototypes.Length;
        return new ListenPlan<TProtocol>(
            [.. _prototypes, prototype],
            all,
            [.. _prototypeOf, .. addresses.Select(_ => number)],
            [.. Layers, .. addresses.Select(_ => (ConnectionLayer?)null)]);
    }

    /// <summary>The same plan, with a layer at each tls:// address that has none yet.</summary>
    /// <exception cref="GainException">There is no such address.</exception>
    internal ListenPlan<TProtocol> With(ConnectionLayer layer)
    {
        ConnectionLayer?[] layers =
            [.. Layers.Select((there, i) => there ?? (_addresses[i].IsSecure ? layer : null))];
        return layers.SequenceEqual(Layers)
            ? throw new GainException(
                GainError.OptionInvalid,
                $"{layer.Name} has no address to serve: {string.Join(", ", _addresses.Select(a => $"{a}"))} "
                + "has no tls:// that is left. Write tls://host:port for those that speak it, and Listen "
                + "before what adds the layer.")
            : new ListenPlan<TProtocol>(_prototypes, _addresses, _prototypeOf, layers);
    }

    /// <summary>The same plan, for the workers of another protocol that takes this one in.</summary>
    /// <param name="convert">Makes a prototype of the other protocol.</param>
    internal ListenPlan<TOther> As<TOther>(Converter<TProtocol, TOther> convert)
        where TOther : struct, IProtocol<TOther> =>
        new(Array.ConvertAll(_prototypes, convert), _addresses, _prototypeOf, Layers);

    /// <summary>For each address, which part of the protocol serves it.</summary>
    internal byte[] PartOf() =>
        [.. _prototypeOf.Select(number => (byte)TProtocol.PartOf(ref _prototypes[number]))];

    /// <summary>For each address what serves it.</summary>
    internal TProtocol[] PrototypesByAddress() => ByAddress(_prototypes);

    /// <summary>Calls OnStart on each prototype, once.</summary>
    /// <returns>For each address what then serves it; the plan's own stay as they were.</returns>
    internal TProtocol[] Start(object server)
    {
        TProtocol[] started = [.. _prototypes];
        foreach (ref TProtocol prototype in started.AsSpan())
        {
            TProtocol.Start(ref prototype, server);
        }

        return ByAddress(started);
    }

    /// <summary>Binds and listens on all addresses, or on none.</summary>
    /// <exception cref="GainException">One failed, which the message names; nothing is left open.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is left open.</exception>
    internal ListenerSet Open(
        GainOptions options, ILogger logger, CancellationToken cancellationToken = default)
    {
        CheckLayers();
        return CombinedListeners.Open(
            _addresses,
            options,
            address => Log.StillHeld(logger, $"{address}", (long)options.BindRetryTimeout.TotalMilliseconds),
            cancellationToken);
    }

    private void CheckLayers()
    {
        for (int i = 0; i < _addresses.Length; i++)
        {
            if (_addresses[i].IsSecure && Layers[i] is null)
            {
                throw new GainException(
                    GainError.OptionInvalid,
                    $"Cannot listen on {_addresses[i]}: it has no certificate. Add the package Gain.Tls and "
                    + "begin with GainServer.Listen(…).UseTls(new TlsServerOptions { Certificate = … }), or "
                    + "write tcp:// for a connection that everyone on the way can read.");
            }
        }
    }

    private TProtocol[] ByAddress(TProtocol[] prototypes) =>
        Array.ConvertAll(_prototypeOf, number => prototypes[number]);

    private static void Check(ServerAddress[] addresses)
    {
        if (addresses.Length > MaxAddresses)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"A server was given {addresses.Length} addresses, and it listens on at most {MaxAddresses}: "
                + "use a wildcard such as tcp://:9000, or several servers.");
        }

        IGrouping<string, ServerAddress>? repeated = addresses
            .Where(address => !address.IsRepeatable)
            .GroupBy(address => address.ToString())
            .FirstOrDefault(group => group.Count() > 1);
        if (repeated is not null)
        {
            throw new GainException(
                GainError.AddressInUse,
                $"A server was given {repeated.Key} {repeated.Count()} times: an address has one protocol, "
                + "so leave the others out, or choose other ports or names for them.");
        }
    }
}
