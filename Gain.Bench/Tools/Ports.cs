using System.Net;
using System.Net.Sockets;

namespace Gain.Bench.Tools;

/// <summary>Loopback ports for servers.</summary>
internal static class Ports
{
    /// <summary>
    /// Where probes come from: not the address they go to. A connect to a free port of its own address can
    /// draw that very port and succeed, connected to itself.
    /// </summary>
    public static IPAddress ProbeAddress { get; } = IPAddress.Parse("127.0.0.2");

    /// <summary>A port that nothing listened on a moment ago.</summary>
    public static int FindFree()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Whether something accepts connections on a port.</summary>
    public static async Task<bool> IsOpenAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(ProbeAddress, 0));
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
