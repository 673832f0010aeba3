using System.Net;
using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>The sockets that systemd has passed under one name, which all workers share.</summary>
/// <remarks>
/// <para>
/// They stay systemd's, which has the same open files: their names are not removed, and whether they block,
/// which rings need to be one way or the other, is put back at the end as it was found.
/// </para>
/// <para>
/// What the .socket unit says of them holds (Backlog=, ReusePort=, …), but for the options that the server's
/// <see cref="SocketSettings"/> name, and TCP_NODELAY, which those always do.
/// </para>
/// </remarks>
internal sealed class ActivatedListeners : ListenerSet
{
    private readonly PassedDescriptors _passed;
    private readonly (int Fd, string Name)[] _descriptors;
    private readonly PassedSocket[] _sockets;
    private readonly int[] _flags;
    private readonly SharedSockets _shared;
    private readonly bool _isShared;
    private int _isDisposed;

    private ActivatedListeners(
        SystemdAddress address, PassedDescriptors passed, (int Fd, string Name)[] descriptors, int workers)
    {
        _passed = passed;
        _descriptors = descriptors;
        _sockets = new PassedSocket[descriptors.Length];
        _flags = new int[descriptors.Length];
        Array.Fill(_flags, -1);
        _shared = new SharedSockets(address.ToString(), workers, descriptors.Length);
        _isShared = workers > 1;
    }

    internal override int ListenersPerWorker => _sockets.Length;

    internal override IReadOnlyList<string> Addresses => [.. _sockets.Select(socket => socket.Address)];

    internal override IReadOnlyList<IPEndPoint> EndPoints =>
        [.. _sockets.Where(socket => socket.EndPoint is not null).Select(socket => socket.EndPoint!)];

    // The process that opened the sockets decides who else can bind the address.
    internal override bool IsSealed => true;

    internal override bool IsDatagram(int index) => _sockets[index].IsDatagram;

    internal override bool IsShared(int index) => _isShared;

    internal override bool IsPassed(int index) => true;

    /// <summary>Takes the sockets of an address.</summary>
    /// <exception cref="GainException">They are not there, or nothing to listen on; they stay.</exception>
    internal static ActivatedListeners Open(
        SystemdAddress address, PassedDescriptors passed, int workers, SocketSettings? settings = null)
    {
        var listeners = new ActivatedListeners(address, passed, passed.Take(address), workers);
        try
        {
            listeners.OpenAll(address, settings);
            return listeners;
        }
        catch
        {
            listeners.Dispose();
            throw;
        }
    }

    internal override int TakeListener(int worker, int index) => _shared.Take(worker, index);

    /// <summary>
    /// Closes what nobody took, and leaves systemd's sockets as they were. A second call does nothing.
    /// </summary>
    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        _shared.Dispose();
        for (int i = 0; i < _flags.Length; i++)
        {
            if (_flags[i] >= 0)
            {
                Libc.SetStatusFlags(_descriptors[i].Fd, _flags[i]);
            }
        }

        _passed.Return(_descriptors);
    }

    private void OpenAll(SystemdAddress address, SocketSettings? settings)
    {
        for (int i = 0; i < _sockets.Length; i++)
        {
            (int fd, string name) = _descriptors[i];
            _sockets[i] = PassedSocket.Examine(address, fd, name);

            // systemd's own are non-blocking, with which io_uring fails at once instead of waiting; the epoll
            // ring makes them so again.
            int flags = Libc.GetStatusFlags(fd);
            Check(address, flags);
            Check(address, Libc.SetStatusFlags(fd, flags & ~Libc.O_NONBLOCK));
            _flags[i] = flags;
            ListenerOptions.Apply(fd, settings);
            Check(address, _shared.Share(i, fd));
        }
    }

    private static void Check(SystemdAddress address, int result)
    {
        if (result == -Errno.EMFILE)
        {
            throw new GainException(
                GainError.LimitReached,
                $"Cannot listen on {address}: the process has as many descriptors as it may; raise "
                + "LimitNOFILE= or `ulimit -n`.",
                Errno.EMFILE);
        }
        if (result < 0)
        {
            throw GainException.ForSystemCall($"Cannot listen on {address}", -result);
        }
    }
}
