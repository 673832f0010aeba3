using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>What tests of dialling dial: sockets on a port of their own.</summary>
internal static class Upstreams
{
    /// <summary>A port that nobody listens on and nobody is given: bound, and not listening.</summary>
    public static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    public static Socket Listen(int backlog = 16)
    {
        Socket socket = Bind();
        socket.Listen(backlog);
        return socket;
    }

    public static DialTarget TargetOf(Socket socket) =>
        DialTarget.FromIPEndPoint((IPEndPoint)socket.LocalEndPoint!);

    public static Task<Socket> AcceptAsync(Socket listener) =>
        listener.AcceptAsync().WaitAsync(Clients.Patience);

    /// <summary>Waits until the workers have so many sockets.</summary>
    public static async Task AwaitLoadAsync(GainServer server, int sockets)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (server.ConnectionsPerWorker.Sum() != sockets)
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"not {sockets} sockets");
            await Task.Yield();
        }
    }
}
