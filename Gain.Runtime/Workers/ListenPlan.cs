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

    private static readonly ListenPlan<TProtocol> s_empty = new([], [], [], [], [], []);

    private readonly TProtocol[] _prototypes;
    private readonly ServerAddress[] _addresses;
    private readonly byte[] _prototypeOf;

    // Those that dial: they come behind the addresses, so that these keep their numbers.
    private readonly DialPlan[] _dials;

    private ListenPlan(
        TProtocol[] prototypes,
        ServerAddress[] addresses,
        byte[] prototypeOf,
        ConnectionLayer?[] layers,
        DialPlan[] dials,
        ProxyRule?[] proxies)
    {
        Proxies = proxies;
        _dials = dials;
        _prototypes = prototypes;
        _addresses = addresses;
        _prototypeOf = prototypeOf;
        Layers = layers;
    }

    /// <summary>For each address, what lies between its sockets and the protocol.</summary>
    internal ConnectionLayer?[] Layers { get; }

    /// <summary>For each address, whether load balancers connect to it, and which.</summary>
    internal ProxyRule?[] Proxies { get; }

    /// <summary>One prototype for all addresses, at least one.</summary>
    /// <exception cref="GainException">There are too many, or one is there twice.</exception>
    internal static ListenPlan<TProtocol> Of(TProtocol prototype, params ServerAddress[] addresses) =>
        s_empty.With(prototype, addresses);

    /// <summary>The same plan, and another prototype for further addresses.</summary>
    /// <exception cref="GainException">As for <see cref="Of"/>.</exception>
    internal ListenPlan<TProtocol> With(TProtocol prototype, ServerAddress[] addresses)
    {
        ServerAddress[] all = [.. _addresses, .. addresses];
        Check(all, _dials.Length);
        byte number = (byte)_prototypes.Length;
        return new ListenPlan<TProtocol>(
            [.. _prototypes, prototype],
            all,
            [.. _prototypeOf, .. addresses.Select(_ => number)],
            [.. Layers, .. addresses.Select(_ => (ConnectionLayer?)null)],
            _dials,
            [.. Proxies, .. addresses.Select(_ => (ProxyRule?)null)]);
    }

    /// <summary>
    /// The same plan, with a layer at each tls:// address that has none yet; one that starts on request, at
    /// each of the others that has connections.
    /// </summary>
    /// <exception cref="GainException">There is no such address.</exception>
    internal ListenPlan<TProtocol> With(ConnectionLayer layer)
    {
        ConnectionLayer?[] layers =
            [.. Layers.Select((there, i) => there ?? (IsFor(layer, _addresses[i]) ? layer : null))];
        return layers.SequenceEqual(Layers)
            ? throw new GainException(
                GainError.OptionInvalid,
                $"{layer.Name} has no address to serve: {string.Join(", ", _addresses.Select(a => $"{a}"))} "
                + (layer.StartsOnRequest
                    ? "has no tcp:// or unix:// that is left; tls:// speaks it from the start. Listen before "
                        + "what adds the layer."
                    : "has no tls:// that is left. Write tls://host:port for those that speak it, and Listen "
                        + "before what adds the layer."))
            : new ListenPlan<TProtocol>(_prototypes, _addresses, _prototypeOf, layers, _dials, Proxies);
    }

    /// <summary>The same plan, with load balancers at each address with connections that has none
    /// yet.</summary>
    /// <exception cref="GainException">There is no such address.</exception>
    internal ListenPlan<TProtocol> With(ProxyRule rule)
    {
        ProxyRule?[] proxies =
            [.. Proxies.Select((there, i) => there ?? (_addresses[i].MayHaveDatagrams ? null : rule))];
        return proxies.SequenceEqual(Proxies)
            ? throw new GainException(
                GainError.OptionInvalid,
                "UseProxyProtocol has no address to serve: "
                + $"{string.Join(", ", _addresses.Select(a => $"{a}"))} has no tcp://, tls:// or "
                + "unix:// that is left. Listen before UseProxyProtocol.")
            : new ListenPlan<TProtocol>(_prototypes, _addresses, _prototypeOf, Layers, _dials, proxies);
    }

    private static bool IsFor(ConnectionLayer layer, ServerAddress address) => layer.StartsOnRequest
        ? !address.IsSecure && !address.MayHaveDatagrams
        : address.IsSecure;

    /// <summary>The same plan, for the workers of another protocol that takes this one in.</summary>
    /// <param name="convert">Makes a prototype of the other protocol.</param>
    internal ListenPlan<TOther> As<TOther>(Converter<TProtocol, TOther> convert)
        where TOther : struct, IProtocol<TOther> =>
        new(Array.ConvertAll(_prototypes, convert), _addresses, _prototypeOf, Layers, _dials, Proxies);

    /// <summary>Connections can be dialled with a prototype, and with nothing else.</summary>
    internal static ListenPlan<TProtocol> OfDial(TProtocol prototype, DialOptions options) =>
        s_empty.WithDial(prototype, options);

    /// <summary>The same plan, and connections can be dialled with another prototype.</summary>
    /// <exception cref="GainException">An option is invalid, or the type is there twice.</exception>
    internal ListenPlan<TProtocol> WithDial(TProtocol prototype, DialOptions options)
    {
        byte number = (byte)_prototypes.Length;
        DialOptions valid = options.Validated();
        var dial = new DialPlan(number, valid, new NameCache(valid));
        TProtocol[] all = [.. _prototypes, prototype];
        int part = TProtocol.PartOf(ref prototype);
        if (Array.Exists(_dials, other => TProtocol.PartOf(ref all[other.Prototype]) == part))
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"{TProtocol.NameOf(ref prototype)} was given to Dial twice: a type is dialled with in one "
                + "way. Give each connection a handler of its own where it is dialled, or declare another "
                + "type.");
        }

        Check(_addresses, _dials.Length + 1);
        return new ListenPlan<TProtocol>(all, _addresses, _prototypeOf, Layers, [.. _dials, dial], Proxies);
    }

    /// <summary>The same plan, with a layer for each prototype that is dialled with and has none
    /// yet.</summary>
    /// <exception cref="GainException">There is no such prototype.</exception>
    internal ListenPlan<TProtocol> WithDialLayer(ConnectionLayer layer)
    {
        DialPlan[] dials = Array.ConvertAll(_dials, dial => dial with { Layer = dial.Layer ?? layer });
        return dials.SequenceEqual(_dials)
            ? throw new GainException(
                GainError.OptionInvalid,
                $"{layer.Name} has nothing to dial with: no type is left that was given to Dial and has no "
                + "options for it. Call Dial before what adds the layer.")
            : new ListenPlan<TProtocol>(_prototypes, _addresses, _prototypeOf, Layers, dials, Proxies);
    }

    /// <summary>For each address, and then for each dial, what lies between its sockets and the
    /// protocol.</summary>
    internal ConnectionLayer?[] AllLayers() => DialPlan.LayersOf(Layers, _dials);

    /// <summary>What workers may dial with.</summary>
    internal DialSettings Dials(GainOptions options) => new(
        _addresses.Length,
        Array.ConvertAll(
            _dials,
            dial => new DialSetting(
                new OutgoingSockets(dial.Options.Sockets ?? options.Sockets, dial.Options),
                (long)Math.Ceiling(dial.Options.ConnectTimeout.TotalMilliseconds),
                dial.Names,
                (long)Math.Ceiling(dial.Options.AttemptDelay.TotalMilliseconds),
                RedialSetting.Of(dial.Options.Redial),
                PoolSetting.Of(dial.Options.Pool))
            {
                Datagrams = DatagramsOf(dial, options),
            }))
    {
        Seed = (ulong)Random.Shared.NextInt64(),
    };

    private DatagramDialSetting? DatagramsOf(DialPlan dial, GainOptions options) =>
        (TProtocol.DeclaredBy(ref _prototypes[dial.Prototype]) & Callbacks.Datagram) == 0
            ? null
            : new DatagramDialSetting(
                new OutgoingSockets(
                    dial.Options.Sockets ?? options.Sockets, dial.Options, options.ForDatagrams().Coalesces),
                ServerSettings.Milliseconds(dial.Options.DatagramIdle));

    /// <summary>For each address, and then for each dial, which part of the protocol serves it.</summary>
    internal byte[] PartOf() =>
        [.. All().Select(number => (byte)TProtocol.PartOf(ref _prototypes[number]))];

    /// <summary>For each address, and then for each dial, what serves it.</summary>
    internal TProtocol[] PrototypesByAddress() => ByAddress(_prototypes);

    /// <summary>How connections of each address are served.</summary>
    internal ServedAddress[] Served() =>
    [
        .. _addresses.Select((address, i) => new ServedAddress(
            address,
            _prototypeOf[i],
            Layers[i],
            TProtocol.NameOf(ref _prototypes[_prototypeOf[i]]),
            ProtocolFit.ServesConnections(ref _prototypes[_prototypeOf[i]]))),
    ];

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
            address => Log.StillHeld(
                logger, $"{address}", (long)options.Timeouts.BindRetry.TotalMilliseconds),
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
        [.. All().Select(number => prototypes[number])];

    private IEnumerable<byte> All() => _prototypeOf.Concat(_dials.Select(dial => dial.Prototype));

    private static void Check(ServerAddress[] addresses, int dials)
    {
        if (addresses.Length + dials > MaxAddresses)
        {
            throw new GainException(
                GainError.OptionInvalid,
                $"A server was given {addresses.Length + dials} addresses and protocols to dial with, and "
                + $"listens on at most {MaxAddresses} less the latter: "
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
