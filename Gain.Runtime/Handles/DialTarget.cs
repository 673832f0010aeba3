using System.Net;
using Gain.Sockets;

namespace Gain;

/// <summary>
/// What is dialled: an IP address and port, or a Unix socket. Made once and kept, or of a
/// <see cref="GainAddress"/> when it is needed, which allocates nothing.
/// </summary>
public readonly struct DialTarget
{
    private readonly RemoteEnd _end;

    private DialTarget(RemoteEnd end) => _end = end;

    internal RemoteEnd End => _end;

    /// <summary>Reads a target.</summary>
    /// <param name="address">
    /// <c>tcp://host:port</c>, of which the host is an IPv4 address or an IPv6 address in brackets;
    /// <c>unix:///path</c> or <c>unix://@name</c>.
    /// </param>
    /// <returns>The target.</returns>
    /// <exception cref="GainException">It is none that can be dialled; the message says why.</exception>
    public static DialTarget Parse(string address) => ServerAddress.Parse(address) switch
    {
        UnixAddress { IsDatagram: false } unix => new(new RemoteEnd(unix)),
        ListenAddress { Network: ListenNetwork.Tcp, LiteralAddress: { } host } tcp =>
            FromIPEndPoint(new IPEndPoint(host, tcp.Port)),
        ListenAddress { Network: ListenNetwork.Tcp, HostName: { } name } => throw Refused(
            address, $"\"{name}\" is a name: look it up, and dial one of its addresses"),
        _ => throw Refused(address, "dialled are tcp:// with an IP address, and unix://"),
    };

    /// <summary>The target of an end point.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address, and a port from 1 on.</param>
    /// <returns>The target.</returns>
    /// <exception cref="GainException">The port is 0, or the address stands for several.</exception>
    public static DialTarget FromIPEndPoint(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (endPoint.Port == 0)
        {
            throw Refused($"{endPoint}", "port 0 is nobody's: name the port that the other end listens on");
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
        new(GainError.AddressInvalid, $"Cannot dial {address}: {why}.");
}
