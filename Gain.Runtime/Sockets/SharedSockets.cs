using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// Sockets that all workers share: one descriptor of each for every worker, since each closes its own.
/// </summary>
/// <remarks>
/// SO_REUSEPORT spreads the connections of IP sockets over listeners; Unix sockets, and those that somebody
/// else has opened, exist once. The descriptors of one socket are the same open file, flags included.
/// </remarks>
internal sealed class SharedSockets : IDisposable
{
    private const int None = -1;

    private readonly string _address;
    private readonly int _workers;
    private readonly int _sockets;
    private readonly int[] _descriptors;

    /// <param name="address">Where they listen, for messages.</param>
    /// <param name="workers">The number of workers.</param>
    /// <param name="sockets">The number of sockets.</param>
    public SharedSockets(string address, int workers, int sockets)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        _address = address;
        _workers = workers;
        _sockets = sockets;
        _descriptors = new int[workers * sockets];
        Array.Fill(_descriptors, None);
    }

    /// <summary>Makes the workers' descriptors of a socket, whose own stays the caller's.</summary>
    /// <returns>0, or a negative errno; what was made is kept.</returns>
    public int Share(int index, int fd)
    {
        for (int worker = 0; worker < _workers; worker++)
        {
            int copy = Libc.Duplicate(fd);
            if (copy < 0)
            {
                return copy;
            }

            _descriptors[(worker * _sockets) + index] = copy;
        }

        return 0;
    }

    /// <summary>Hands a descriptor over: from now on the caller closes it. Any thread.</summary>
    /// <exception cref="InvalidOperationException">It was taken before, or this is closed.</exception>
    public int Take(int worker, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(worker);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(worker, _workers);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _sockets);

        int fd = Interlocked.Exchange(ref _descriptors[(worker * _sockets) + index], None);
        return fd != None
            ? fd
            : throw new InvalidOperationException(
                $"Listener {index} of worker {worker} on {_address} was taken or closed before.");
    }

    /// <summary>Closes what nobody took. A second call does nothing.</summary>
    public void Dispose()
    {
        for (int i = 0; i < _descriptors.Length; i++)
        {
            int fd = Interlocked.Exchange(ref _descriptors[i], None);
            if (fd != None)
            {
                // Linux frees the descriptor whatever close returns, so there is nothing to handle.
                Libc.Close(fd);
            }
        }
    }
}
