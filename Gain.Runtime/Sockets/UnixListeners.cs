using System.Net;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>The socket of a Unix address, which all workers share, and its file.</summary>
internal sealed class UnixListeners : ListenerSet
{
    private readonly UnixAddress _address;
    private readonly SharedSockets _sockets;
    private readonly SocketFile? _file;
    private readonly bool _isShared;

    private UnixListeners(UnixAddress address, SharedSockets sockets, SocketFile? file, bool isShared)
    {
        _address = address;
        _sockets = sockets;
        _file = file;
        _isShared = isShared;
    }

    internal override int ListenersPerWorker => 1;

    internal override IReadOnlyList<string> Addresses => [_address.ToString()];

    internal override IReadOnlyList<IPEndPoint> EndPoints => [];

    // Nobody can bind the name while a socket has it.
    internal override bool IsSealed => true;

    internal override bool IsDatagram(int index) => _address.IsDatagram;

    internal override bool IsShared(int index) => _isShared;

    /// <summary>Binds the address and listens on it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="workers">How many descriptors of the socket there are to be.</param>
    /// <param name="backlog">How many connections may wait to be accepted.</param>
    /// <param name="mode">The permissions of the file; null for what the umask leaves.</param>
    /// <param name="settings">The options of the socket; null for the defaults.</param>
    /// <exception cref="GainException">Something failed; no descriptor or file is left.</exception>
    internal static UnixListeners Open(
        UnixAddress address, int workers, int backlog, UnixFileMode? mode, SocketSettings? settings = null)
    {
        SocketFile? file = address.IsAbstract ? null : SocketFile.Claim(address);
        var sockets = new SharedSockets(address.ToString(), workers, sockets: 1);
        try
        {
            int fd = SocketOptions.OpenUnix(address.IsDatagram);
            Check(address, fd);
            try
            {
                ListenerOptions.Apply(fd, settings);
                Listen(address, file, fd, backlog, mode);
                Check(address, sockets.Share(index: 0, fd));
            }
            finally
            {
                Libc.Close(fd);
            }

            return new UnixListeners(address, sockets, file, workers > 1);
        }
        catch
        {
            sockets.Dispose();
            file?.Dispose();
            throw;
        }
    }

    internal override int TakeListener(int worker, int index) => _sockets.Take(worker, index);

    /// <summary>Closes what nobody took, then removes the file. A second call does nothing.</summary>
    public override void Dispose()
    {
        _sockets.Dispose();
        _file?.Dispose();
    }

    private static void Listen(
        UnixAddress address, SocketFile? file, int fd, int backlog, UnixFileMode? mode)
    {
        if (file is null)
        {
            Check(address, SocketOptions.BindUnix(fd, address));
        }
        else
        {
            file.Bind(fd, mode);
        }

        if (!address.IsDatagram)
        {
            Check(address, Libc.Listen(fd, backlog));
        }
    }

    private static void Check(UnixAddress address, int result)
    {
        if (result < 0)
        {
            throw UnixErrors.For(address, -result);
        }
    }
}
