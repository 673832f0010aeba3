using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>A backend on plain sockets, which does with each connection what a test says.</summary>
internal sealed class TestBackend : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Channel<Socket> _accepted = Channel.CreateUnbounded<Socket>();
    private readonly List<Socket> _sockets = [];
    private readonly Task _accepting;

    private TestBackend(Socket listener)
    {
        _listener = listener;
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public string Address => $"tcp://{EndPoint}";

    public static TestBackend Start(int port = 0)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return new TestBackend(listener);
    }

    /// <summary>One that serves each connection by itself.</summary>
    public static TestBackend Start(Func<Socket, Task> serve) => Serving(Start(), serve);

    /// <summary>One at a Unix socket; a path with @ is an abstract name.</summary>
    public static TestBackend StartAt(string path, Func<Socket, Task> serve)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path.StartsWith('@') ? $"\0{path[1..]}" : path));
        return Serving(new TestBackend(listener), serve);
    }

    private static TestBackend Serving(TestBackend backend, Func<Socket, Task> serve)
    {
        _ = backend.ServeAsync(serve);
        return backend;
    }

    /// <summary>One that says its name, and then sends back what it gets, up to the end.</summary>
    public static TestBackend StartNamed(string name) => Start(async socket =>
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes(name));
        byte[] buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer) is > 0 and int count)
        {
            await socket.SendAsync(buffer.AsMemory(0, count));
        }

        socket.Shutdown(SocketShutdown.Send);
    });

    /// <summary>A port that refuses.</summary>
    public static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public async Task<Socket> AcceptedAsync() =>
        await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Clients.Patience);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
        }
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptAsync();
                lock (_sockets)
                {
                    _sockets.Add(socket);
                }

                _accepted.Writer.TryWrite(socket);
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            _accepted.Writer.Complete();
        }
    }

    private async Task ServeAsync(Func<Socket, Task> serve)
    {
        await foreach (Socket socket in _accepted.Reader.ReadAllAsync())
        {
            _ = ServeOneAsync(serve, socket);
        }
    }

    private static async Task ServeOneAsync(Func<Socket, Task> serve, Socket socket)
    {
        try
        {
            await serve(socket);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // The test is over, or the proxy has cut it off: what the client sees tells.
        }
    }
}
