using System.Net;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Tests.Cli;

/// <summary>
/// A socket that listens and that no process has open: it is in a message that nobody has received. Of a
/// process that was killed, the kernel keeps those that way that its ring still holds.
/// </summary>
internal sealed class OrphanedListener : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Socket _carrier = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public OrphanedListener()
    {
        var name = new UnixDomainSocketEndPoint($"\0gain-orphan-{Environment.ProcessId}");
        _listener.Bind(name);
        _listener.Listen();
        _carrier.Connect(name);
        using var orphan = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        orphan.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        orphan.Listen();
        Endpoint = (IPEndPoint)orphan.LocalEndPoint!;
        Send((int)_carrier.Handle, (int)orphan.Handle);
    }

    public IPEndPoint Endpoint { get; }

    public void Dispose()
    {
        _carrier.Dispose();
        _listener.Dispose();
    }

    private static unsafe void Send(int socket, int passed)
    {
        // A cmsghdr: its length, SOL_SOCKET, SCM_RIGHTS, and the descriptor.
        byte* control = stackalloc byte[24];
        *(ulong*)control = 20;
        *(int*)(control + 8) = SocketAbi.SOL_SOCKET;
        *(int*)(control + 12) = 1;
        *(int*)(control + 16) = passed;
        byte data = 0;
        var piece = new iovec { iov_base = &data, iov_len = 1 };
        var message = new msghdr
        {
            msg_iov = &piece, msg_iovlen = 1, msg_control = control, msg_controllen = 24,
        };
        Assert.That(Libc.SendMsg(socket, &message, 0), Is.EqualTo((nint)1));
    }
}
