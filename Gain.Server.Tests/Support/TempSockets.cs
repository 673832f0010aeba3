using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Server;

/// <summary>A directory for the sockets of a test, which nothing may stay in.</summary>
internal sealed class TempSockets : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("gain-sockets-").FullName;

    public string Path(string name = "x.sock") => System.IO.Path.Combine(_directory, name);

    public string Address(string name = "x.sock") => $"unix://{Path(name)}";

    /// <summary>The names of what lies there.</summary>
    public string[] Names() =>
        [.. Directory.GetFileSystemEntries(_directory).Select(System.IO.Path.GetFileName).Order()!];

    public UnixListeners Open(int workers = 1, UnixFileMode? mode = null, string name = "x.sock") =>
        UnixListeners.Open((UnixAddress)ServerAddress.Parse(Address(name)), workers, 128, mode);

    /// <summary>Binds a socket as another program does, which knows nothing of locks.</summary>
    /// <returns>The descriptor; the file stays when it is closed.</returns>
    public int BindForeign(bool isDatagram = false, bool listens = false)
    {
        int fd = Sockets.SocketOptions.OpenUnix(isDatagram);
        Assert.That(fd, Is.GreaterThanOrEqualTo(0));
        Assert.That(Sockets.SocketOptions.BindUnix(fd, (UnixAddress)ServerAddress.Parse(Address())), Is.Zero);
        if (listens)
        {
            Assert.That(Libc.Listen(fd, 1), Is.Zero);
        }

        return fd;
    }

    /// <summary>Leaves a socket's file behind as a process does that is killed.</summary>
    public void LeaveStale(bool isDatagram = false) => Libc.Close(BindForeign(isDatagram));

    public Socket Connect(string name = "x.sock")
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Path(name)));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
