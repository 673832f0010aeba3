using System.Net;
using Gain.Sockets;

namespace Gain;

/// <summary>
/// What is dialled: an IP address and port, a host's name and port, or a Unix socket; for connections or for
/// datagrams. Parse it once and keep it; a <see cref="GainAddress"/> converts to one for either without
/// allocating.
/// </summary>
public readonly struct DialTarget
{
    private const string AcceptedForms =
        "Accepted are tcp://host:port, tcp4://host:port and tcp6://host:port, and tls:// in place of tcp://, "
        + "and udp://, udp4:// and udp6:// for datagrams, "
        + "where the host is a name, an IPv4 address or an IPv6 address in brackets, and unix:///path and "
        + "unix://@name";

    private const string PortZero = "port 0 is nobody's: name the port that the other end listens on";

    private readonly RemoteEnd _end;

    private DialTarget(RemoteEnd end) => _end = end;

    internal RemoteEnd End => _end;

    /// <summary>Reads a target.</summary>
    /// <param name="address">
    /// <c>tcp://host:port</c>, where the host is an IPv4 address, an IPv6 address in brackets, or a name;
    /// <c>tcp4://</c> and <c>tcp6://</c> keep to one family. <c>tls://</c>, <c>tls4://</c> and
    /// <c>tls6://</c> are the same with TLS, by the package Gain.Tls. <c>udp://</c>, <c>udp4://</c> and
    /// <c>udp6://</c> are the same for datagrams: see <c>DialDatagram</c>. <c>unix:///path</c> or
    /// <c>unix://@name</c>.
    /// </param>
    /// <returns>The target.</returns>
    /// <remarks>
    /// A name is looked up when it is dialled, off the worker, and the answer is kept for
    /// <see cref="DialOptions.NameLifetime"/>.
    /// </remarks>
    /// <exception cref="GainException">It cannot be dialled; the message says why, and what can
    /// be.</exception>
    public static DialTarget Parse(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        RefuseOtherSchemes(address);
        ServerAddress parsed;
        try
        {
            parsed = ServerAddress.Parse(address);
        }
        catch (GainException invalid) when (invalid.AddressFault is not null)
        {
            throw Refused(address, invalid.AddressFault);
        }

        return parsed switch
        {
            UnixAddress unix => new(new RemoteEnd(unix)),
            ListenAddress { Port: 0 } => throw Refused(address, PortZero),
            ListenAddress { LiteralAddress: { } host, IsSecure: true } tls => new(new RemoteEnd(
                GainAddress.FromIPEndPoint(new IPEndPoint(host, tls.Port)), NameOf(host))),
            ListenAddress { LiteralAddress: { } host } plain => new(new RemoteEnd(
                GainAddress.FromIPEndPoint(new IPEndPoint(host, plain.Port)), SchemeOf(plain))),
            ListenAddress { HostName: { } name } plain =>
                new(new RemoteEnd(NameOf(name, plain), plain.IsSecure)),
            _ => throw Refused(address, "it names no host"),
        };
    }

    private static DialName NameOf(string name, ListenAddress plain) =>
        new(name, (ushort)plain.Port, plain.Family)
        {
            IsDatagram = SchemeOf(plain) == RemoteScheme.Datagrams,
        };

    private static RemoteScheme SchemeOf(ListenAddress address) =>
        address.Network == ListenNetwork.Udp ? RemoteScheme.Datagrams : RemoteScheme.Connections;

    // A certificate knows of no interface.
    private static string NameOf(IPAddress host) => new IPAddress(host.GetAddressBytes()).ToString();

    private static void RefuseOtherSchemes(string address)
    {
        string scheme = address[..Math.Max(0, address.IndexOf(':'))].ToLowerInvariant();
        bool hasScheme = scheme == "systemd" || address.Contains("://", StringComparison.Ordinal);
        string? fault = scheme switch
        {
            "tcp" or "tcp4" or "tcp6" or "tls" or "tls4" or "tls6" or "unix" => null,
            "udp" or "udp4" or "udp6" => null,
            "unixgram" => "datagrams of Unix sockets are not dialled; listen on unixgram:// and use "
                + "TrySendTo, so that the peer has a name to answer to",
            _ when !hasScheme => null,
            _ => $"the scheme \"{scheme}\" cannot be dialled",
        };
        if (fault is not null)
        {
            throw Refused(address, fault);
        }
    }

    /// <summary>The target of an end point.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address, and a port from 1 on.</param>
    /// <returns>The target.</returns>
    /// <exception cref="GainException">The port is 0, or the address stands for several.</exception>
    public static DialTarget FromIPEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (endPoint.Port == 0)
        {
            throw Refused($"{endPoint}", PortZero);
        }

        return GainAddress.FromIPEndPoint(endPoint);
    }

    /// <summary>The target of an address. Whether it can be dialled is found out then.</summary>
    /// <param name="address">An IP address and port.</param>
    public static implicit operator DialTarget(GainAddress address) => FromGainAddress(address);

    /// <summary>As the conversion.</summary>
    /// <param name="address">An IP address and port.</param>
    /// <returns>The target.</returns>
    [AllocationFree]
    public static DialTarget FromGainAddress(GainAddress address) => new(new RemoteEnd(address));

    /// <summary>The target as <see cref="Parse"/> reads it. Allocates.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _end.ToString();

    private static GainException Refused(string address, string why) =>
        new(GainError.AddressInvalid, $"Cannot dial \"{address}\": {why}. {AcceptedForms}.");
}
