using Gain.Kernel;

namespace Gain.Sockets;

/// <summary>
/// Opens addresses, and for some time again those that a process may have which has ended: of one that was
/// killed, the kernel frees an io_uring, and with it the sockets that it held, a little later.
/// </summary>
/// <param name="limit">For how long in all; zero for not at all.</param>
/// <param name="tell">Is told, once, of the address that is waited for.</param>
/// <param name="cancellationToken">Ends the wait.</param>
internal sealed class BindRetry(
    TimeSpan limit, Action<ServerAddress>? tell = null, CancellationToken cancellationToken = default)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

    // Nobody sets it: the pause is the wait for it.
    private readonly ManualResetEventSlim _never = new();
    private long _untilMs = -1;

    /// <summary>Opens an address.</summary>
    /// <exception cref="GainException">
    /// Like <see cref="ServerAddress.Open"/>: at once, where a process that lives can be seen to have it.
    /// </exception>
    internal ListenerSet Open(ServerAddress address, GainOptions options)
    {
        bool isFirst = true;
        while (true)
        {
            try
            {
                return address.Open(address.CountThreads(options), options);
            }
            catch (GainException failure) when (MayPass(address, failure))
            {
                if (!MayTryAgain(address, isFirst))
                {
                    throw;
                }

                isFirst = false;
            }
        }
    }

    private bool MayPass(ServerAddress address, GainException failure) =>
        limit > TimeSpan.Zero
        && failure.ErrorCode == GainError.AddressInUse
        && failure.Errno == Errno.EADDRINUSE
        && address is ListenAddress { Port: not 0 } or UnixAddress;

    private bool MayTryAgain(ServerAddress address, bool isFirst)
    {
        if (!isFirst)
        {
            _never.Wait(s_pause, cancellationToken);
            return Environment.TickCount64 < _untilMs;
        }

        // Who has had it may be gone between the try and the look: one more try tells.
        HolderKind holder = AddressHolder.Find(address);
        if (holder == HolderKind.Unknown && _untilMs < 0)
        {
            _untilMs = Environment.TickCount64 + (long)limit.TotalMilliseconds;
            tell?.Invoke(address);
        }

        return holder != HolderKind.Living;
    }
}
