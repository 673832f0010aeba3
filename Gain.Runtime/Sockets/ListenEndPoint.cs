using System.Net;

namespace Gain.Sockets;

/// <summary>One address to bind: what a listening address stands for once names are looked up.</summary>
/// <param name="EndPoint">The address and port; port 0 lets the kernel choose.</param>
/// <param name="V6Only">
/// For an IPv6 address: whether IPv4 peers are left out (IPV6_V6ONLY); false makes [::] dual-stack.
/// </param>
internal readonly record struct ListenEndPoint(IPEndPoint EndPoint, bool V6Only)
{
    /// <summary>The options of the socket; null for the defaults.</summary>
    internal SocketSettings? Sockets { get; init; }

    /// <summary>Whether connections or datagrams arrive there.</summary>
    internal ListenNetwork Network { get; init; }

    internal ListenEndPoint WithPort(int port) =>
        this with { EndPoint = new IPEndPoint(EndPoint.Address, port) };
}
