using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>A test of servers that datagrams arrive at.</summary>
public abstract class DatagramServerTest(GainRing ring) : ServerTest(ring)
{
    private readonly List<Socket> _clients = [];

    [TearDown]
    public void CloseClients()
    {
        foreach (Socket client in _clients)
        {
            client.Dispose();
        }

        _clients.Clear();
    }

    private protected override string Address => "udp://127.0.0.1:0";

    /// <summary>A socket whose datagrams go to the server, and that takes the server's only.</summary>
    private protected Socket Connect(GainServer server) =>
        Connect(server.EndPoints[0].Address, server.EndPoints[0].Port);

    private protected Socket Connect(IPAddress address, int port)
    {
        var client = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _clients.Add(client);
        client.Connect(new IPEndPoint(address, port));
        return client;
    }

    private protected static async Task<byte[]> ReceiveAsync(Socket client)
    {
        byte[] buffer = new byte[70_000];
        int length = await client.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
        return buffer[..length];
    }

    private protected static async Task<byte[]> AskAsync(Socket client, byte[] question)
    {
        await client.SendAsync(question).WaitAsync(Clients.Patience);
        return await ReceiveAsync(client);
    }

    /// <summary>Waits until what a worker counts has come to what is expected.</summary>
    private protected static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Clients.Patience);
        while (!holds())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "it did not come to that");
            await Task.Yield();
        }
    }
}
