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

    /// <summary>Whether something echoes datagrams on a port, within a tenth of a second.</summary>
    public static async Task<bool> EchoesDatagramAsync(int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(ProbeAddress, 0));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(TimeSpan.FromMilliseconds(100));
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port, patience.Token);
            await socket.SendAsync("probe"u8.ToArray(), patience.Token);
            byte[] answer = new byte[16];
            return await socket.ReceiveAsync(answer, patience.Token) == 5;
        }
        catch (Exception failure) when (
            failure is SocketException
            || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
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
