using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>A UDP socket that sends to one server, and gets that server's answers only.</summary>
internal sealed class DatagramClient : IDisposable
{
    private readonly byte[] _buffer = new byte[70_000];

    public DatagramClient(GainServer server)
    {
        Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        Socket.Connect(server.EndPoints[0]);
    }

    public Socket Socket { get; }

    public async Task SendAsync(byte[] data) =>
        Assert.That(await Socket.SendAsync(data).WaitAsync(Clients.Patience), Is.EqualTo(data.Length));

    public async Task<byte[]> ReceiveAsync()
    {
        int length = await Socket.ReceiveAsync(_buffer).WaitAsync(Clients.Patience);
        return _buffer[..length];
    }

    /// <summary>Sends so many datagrams, each when the one before it was answered with itself.</summary>
    public async Task EchoAsync(int times, int length, int seed)
    {
        for (int i = 0; i < times; i++)
        {
            // Nobody else sends the same, so that a swap shows.
            byte[] data = Clients.Pattern(length, (seed * times) + i);
            await SendAsync(data);
            Assert.That(await ReceiveAsync(), Is.EqualTo(data));
        }
    }

    public void Dispose() => Socket.Dispose();
}
