using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>The other end of what is dialled: a plain socket, over which .NET may speak TLS.</summary>
internal sealed class SecureListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly X509Certificate2 _certificate = Certificates.Make("127.0.0.1");

    public SecureListener()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(16);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public DialTarget Target => DialTarget.Parse($"tls://127.0.0.1:{Port}");

    public async Task<Socket> AcceptAsync()
    {
        Socket socket = await _listener.AcceptAsync().WaitAsync(Clients.Patience);
        socket.NoDelay = true;
        return socket;
    }

    /// <summary>The server's end of TLS over an accepted socket.</summary>
    public async Task<SslStream> SecureAsync(Socket socket)
    {
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(_certificate).WaitAsync(Clients.Patience);
        return stream;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }
}
