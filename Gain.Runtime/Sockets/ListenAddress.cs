using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Gain.Sockets;

/// <summary>
/// A parsed listening address: a scheme, a host that may stand for many addresses, and a port.
/// </summary>
/// <remarks>
/// Exactly one of literal address, host name and wildcard (neither of the two) is what it names.
/// </remarks>
internal sealed class ListenAddress : ServerAddress
{
    internal const int MaxPort = ushort.MaxValue;

    private readonly ListenFamily _family;
    private readonly IPAddress? _literal;
    private readonly string? _hostName;
    private bool _isSecure;

    private ListenAddress(ListenFamily family, IPAddress? literal, string? hostName, int port)
    {
        _family = family;
        _literal = literal;
        _hostName = hostName;
        Port = port;
    }

    /// <summary>The families that its scheme allows.</summary>
    internal ListenFamily Family => _family;

    /// <summary>The port; 0 lets the kernel choose a free one.</summary>
    internal int Port { get; }

    /// <summary>The address, where it is one and no name.</summary>
    internal IPAddress? LiteralAddress => _literal;

    /// <summary>The name, where it is one.</summary>
    internal string? HostName => _hostName;

    /// <summary>Whether connections or datagrams arrive there.</summary>
    internal ListenNetwork Network { get; private init; }

    internal static new ListenAddress Parse(string address) => ListenAddressParser.Parse(address);

    /// <summary>Every address of the machine that the family has.</summary>
    internal static ListenAddress Wildcard(ListenFamily family, int port) => new(family, null, null, port);

    /// <summary>A name to look up when the server starts.</summary>
    internal static ListenAddress Named(ListenFamily family, string hostName, int port) =>
        new(family, null, hostName, port);

    /// <summary>One address. <c>[::]</c> under tcp is dual-stack, under tcp6 it is not.</summary>
    internal static ListenAddress Literal(ListenFamily family, IPAddress address, int port) =>
        new(family, address, null, port);

    /// <summary>The same address for connections, or for datagrams.</summary>
    internal ListenAddress Over(ListenNetwork network, bool isSecure = false) =>
        new(_family, _literal, _hostName, Port) { Network = network, _isSecure = isSecure };

    /// <summary>The address that an end point names; an IPv4-mapped IPv6 address counts as IPv4.</summary>
    /// <exception cref="GainException">The address cannot be listened on by anyone.</exception>
    internal static ListenAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);

        IPAddress address = EndPointConversion.Unmap(endPoint.Address);
        string? fault = FaultOf(address);
        if (fault is not null)
        {
            throw new GainException(GainError.AddressInvalid, $"Cannot listen on {endPoint}: {fault}.");
        }
        return Literal(ListenFamily.Any, address, endPoint.Port);
    }

    /// <summary>Why no listener can have the address on any machine; null if one can.</summary>
    internal static string? FaultOf(IPAddress address, ListenNetwork network = ListenNetwork.Tcp)
    {
        if (address.IsIPv6LinkLocal && address.ScopeId == 0)
        {
            return "a link-local IPv6 address needs its interface, as in [fe80::1%eth0]";
        }
        if (network == ListenNetwork.Tcp
            && (IsMulticast(address) || address.Equals(IPAddress.Broadcast)))
        {
            return $"{address} is a multicast or broadcast address, and TCP is between two hosts";
        }
        return null;
    }

    /// <inheritdoc/>
    internal override bool IsSecure => _isSecure;

    internal override bool MayHaveDatagrams => Network == ListenNetwork.Udp;

    internal override bool IsRepeatable => Port == 0;

    internal override ListenerSet Open(int workers, GainOptions options)
    {
        bool v6Only = options.Sockets.IPv6Only;
        ListenEndPoint[] endPoints =
        [
            .. Resolve().Select(e => e with
            {
                V6Only = e.V6Only || (v6Only && IsV6(e.EndPoint.Address)),
                Sockets = options.Sockets,
            }),
        ];
        CpuRouting? routing = CpuRouting.For(workers, options);
        return ListenerGroup.Open(this, endPoints, workers, options.Accepting.Backlog, routing);
    }

    /// <summary>
    /// The addresses to bind, in the order of the lookup and without duplicates; at least one.
    /// </summary>
    /// <exception cref="GainException">The host name has no address of the family.</exception>
    internal ListenEndPoint[] Resolve() => Resolve(AddressProbe.CanBind, Dns.GetHostAddresses);

    /// <summary>
    /// The same, with the machine's answers given: whether it has an address, and what a name is.
    /// </summary>
    internal ListenEndPoint[] Resolve(Func<IPAddress, bool> canBind, Func<string, IPAddress[]> lookup)
    {
        if (_literal is not null)
        {
            bool dualStack = _literal.Equals(IPAddress.IPv6Any) && _family == ListenFamily.Any;
            bool v6Only = IsV6(_literal) && !dualStack;
            return [At(_literal, v6Only)];
        }
        if (_hostName is null)
        {
            return [ResolveWildcard(canBind)];
        }

        IPAddress[] addresses = IsLocalhost(_hostName)
            ? LoopbackAddresses(canBind)
            : LookUp(_hostName, lookup);
        return [.. addresses.Select(a => At(a, v6Only: IsV6(a)))];
    }

    private ListenEndPoint At(IPAddress address, bool v6Only) =>
        new(new IPEndPoint(address, Port), v6Only) { Network = Network };

    /// <summary>The scheme for both families.</summary>
    internal string Scheme => _isSecure ? "tls" : SchemeOf(Network);

    internal static string SchemeOf(ListenNetwork network) => network == ListenNetwork.Udp ? "udp" : "tcp";

    /// <summary>The canonical form, which parses to an equal address.</summary>
    public override string ToString()
    {
        string scheme = Scheme + _family switch
        {
            ListenFamily.IPv4 => "4",
            ListenFamily.IPv6 => "6",
            _ => "",
        };
        string host = _hostName ?? "*";
        if (_literal is not null)
        {
            host = IsV6(_literal) ? $"[{_literal}]" : _literal.ToString();
        }
        return string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{Port}");
    }

    private ListenEndPoint ResolveWildcard(Func<IPAddress, bool> canBind)
    {
        // A kernel without IPv6 (ipv6.disable=1, and many containers) still serves tcp://:port, on IPv4.
        bool useIPv6 = _family == ListenFamily.IPv6
            || (_family == ListenFamily.Any && canBind(IPAddress.IPv6Any));
        IPAddress any = useIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        return At(any, v6Only: _family == ListenFamily.IPv6);
    }

    /// <summary>localhost is always the loopback (RFC 6761, 6.3), whatever a name server says.</summary>
    private IPAddress[] LoopbackAddresses(Func<IPAddress, bool> canBind)
    {
        IPAddress[] both = [IPAddress.Loopback, IPAddress.IPv6Loopback];
        IPAddress[] wanted = [.. both.Where(IsOfFamily)];

        // Where IPv6 is off there is no ::1, which is no reason to refuse localhost. If neither can be
        // bound, both stay: binding then fails with the reason.
        IPAddress[] present = [.. wanted.Where(canBind)];
        return present.Length > 0 ? present : wanted;
    }

    private IPAddress[] LookUp(string hostName, Func<string, IPAddress[]> lookup)
    {
        IPAddress[] found;
        try
        {
            found = lookup(hostName);
        }
        catch (SocketException e)
        {
            throw new GainException(
                GainError.AddressNotFound,
                $"Cannot listen on {this}: looking up the host name \"{hostName}\" failed ({e.Message}). " +
                "Check the name, /etc/hosts and the name server, or give an IP address.",
                innerException: e);
        }

        IPAddress[] wanted = [.. found.Select(EndPointConversion.Unmap).Where(IsOfFamily).Distinct()];
        if (wanted.Length == 0)
        {
            string kind = _family switch
            {
                ListenFamily.IPv4 => $"IPv4 address, which {Scheme}4:// needs",
                ListenFamily.IPv6 => $"IPv6 address, which {Scheme}6:// needs",
                _ => "address",
            };
            throw new GainException(
                GainError.AddressNotFound,
                $"Cannot listen on {this}: the host name \"{hostName}\" has no {kind}. " +
                "Check the name and /etc/hosts, or give an IP address.");
        }
        return wanted;
    }

    private bool IsOfFamily(IPAddress address) => _family switch
    {
        ListenFamily.IPv4 => !IsV6(address),
        ListenFamily.IPv6 => IsV6(address),
        _ => true,
    };

    private static bool IsLocalhost(string hostName) =>
        hostName.TrimEnd('.').Equals("localhost", StringComparison.OrdinalIgnoreCase);

    private static bool IsV6(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6;

    private static bool IsMulticast(IPAddress address) =>
        IsV6(address) ? address.IsIPv6Multicast : (address.GetAddressBytes()[0] & 0xF0) == 0xE0;
}
