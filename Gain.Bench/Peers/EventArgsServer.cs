using System.Net;
using System.Net.Sockets;

namespace Gain.Bench.Peers;

/// <summary>Sockets of the base library with <see cref="SocketAsyncEventArgs"/>, on its threads.</summary>
internal static class EventArgsServer
{
    public static async Task RunAsync(bool isHttp, int port)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4_096);
        while (true)
        {
            Socket client = await listener.AcceptAsync();
            client.NoDelay = true;
            new EventArgsConnection(client, isHttp).Receive();
        }
    }
}
