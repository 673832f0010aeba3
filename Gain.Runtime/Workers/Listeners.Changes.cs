using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <remarks>Listeners that come and go while the server runs.</remarks>
internal sealed partial class Listeners
{
    /// <summary>The sockets that may be added to those of the start, at one time.</summary>
    public const int MaxAdded = 256;

    /// <summary>Takes the thread's sockets of an address that was added, and accepts.</summary>
    public void Add<TRing>(ref TRing ring, OpenListener added, int thread)
        where TRing : struct, IRing
    {
        Count = Math.Max(Count, added.Place + added.Set.ListenersPerWorker);
        for (int i = 0; i < added.Set.ListenersPerWorker; i++)
        {
            int fd = added.Set.TakeListener(thread, i);
            _items[added.Place + i] = new Listener(fd, isDatagram: false, added.Set.IsShared(i))
            {
                Adjustments = added.Adjustments,
                Address = added.Address,
                Tag = added.Tag,
            };
            ArmIfWanted(ref ring, added.Place + i);
        }
    }

    /// <summary>The sockets of an address are to accept only who waits at them, and to be closed.</summary>
    public void BeginEnd<TRing>(ref TRing ring, OpenListener ended)
        where TRing : struct, IRing
    {
        for (int index = ended.Place; index < ended.Place + ended.Set.ListenersPerWorker; index++)
        {
            // If a hold has cancelled it already, the second cancellation finds nothing.
            _items[index].IsEnding = true;
            if (_items[index].IsArmed)
            {
                Cancel(ref ring, index);
            }
        }
    }

    /// <summary>Whether the thread has none of an address's sockets open.</summary>
    public bool HasEnded(OpenListener ended)
    {
        foreach (ref readonly Listener listener in
            _items.AsSpan(ended.Place, ended.Set.ListenersPerWorker))
        {
            // Between its accept and its moment, a connection needs the listener's address.
            if (listener.Fd >= 0 || listener.Early >= 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Takes one who waits in the queue of a listener that ends; who waits in none closes it. Whoever would
    /// have to wait while it was accepted at, for the rate, room or a descriptor, still does.
    /// </summary>
    public bool TryTakeEnding<TRing>(ref TRing ring, int index, long nowMs, out int fd)
        where TRing : struct, IRing
    {
        ref Listener listener = ref _items[index];
        fd = -1;
        if (_isStopping || _hold != AcceptHold.None || listener.Early >= 0)
        {
            return false;
        }

        if (!TryTakeWaiting(ref ring, index, nowMs, out fd))
        {
            if (listener.Fd >= 0 && !listener.IsArmed)
            {
                // Without descriptors: the moment of the next try is noted.
                _hold |= AcceptHold.Error;
            }

            return false;
        }

        long waitMs = admission.LimitsRate ? admission.ReserveAccept(nowMs) : 0;
        if (waitMs == 0)
        {
            return true;
        }

        listener.Early = fd;
        listener.EarlyUntilMs = nowMs + waitMs;
        return false;
    }
}
