using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.CompilerServices;

namespace Gain.Tests.Server.Datagrams;

/// <summary>A test of sockets that are dialled, against plain sockets.</summary>
public abstract class DatagramDialTest(GainRing ring) : DatagramServerTest(ring)
{
    private readonly List<Socket> _peers = [];
    private readonly List<IAsyncDisposable> _diallers = [];

    [TearDown]
    public async Task ClosePeersAsync()
    {
        foreach (IAsyncDisposable dialler in _diallers)
        {
            await dialler.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        }

        _diallers.Clear();
        _peers.ForEach(peer => peer.Dispose());
        _peers.Clear();
    }

    /// <summary>A socket that is dialled.</summary>
    private protected Socket Peer()
    {
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _peers.Add(peer);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return peer;
    }

    private protected static DialTarget TargetOf(Socket peer) =>
        DialTarget.Parse($"udp://127.0.0.1:{((IPEndPoint)peer.LocalEndPoint!).Port}");

    /// <summary>A target whose port nobody has.</summary>
    private protected DialTarget NobodysTarget()
    {
        using var peer = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return TargetOf(peer);
    }

    private protected GainClient<TProtocol> Client<TProtocol>(
        TProtocol prototype, DialOptions? dials = null, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        options ??= new GainOptions { WorkerCount = 1 };
        options.Ring = Ring;
        options.Logger ??= new RecordingLogger();
        GainClient<TProtocol> client = GainClient.Start(prototype, dials, options);
        _diallers.Add(client);
        return client;
    }

    private protected static async Task<(string Text, EndPoint From)> HearAsync(Socket peer)
    {
        byte[] buffer = new byte[70_000];
        SocketReceiveFromResult heard = await peer
            .ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0))
            .WaitAsync(Clients.Patience);
        return (Encoding.ASCII.GetString(buffer, 0, heard.ReceivedBytes), heard.RemoteEndPoint);
    }

    /// <summary>Says something, and waits until the peer has heard it.</summary>
    /// <returns>Where it came from.</returns>
    private protected static async Task<IPEndPoint> SayAsync(DatagramHandle handle, Socket peer, string text)
    {
        Assert.That(handle.TrySend(Encoding.ASCII.GetBytes(text), out DatagramFailure failure), $"{failure}");
        (string heard, EndPoint from) = await HearAsync(peer);
        Assert.That(heard, Is.EqualTo(text));
        return (IPEndPoint)from;
    }

    private protected static void Tell(Socket peer, EndPoint to, string text) =>
        peer.SendTo(Encoding.ASCII.GetBytes(text), to);
}
