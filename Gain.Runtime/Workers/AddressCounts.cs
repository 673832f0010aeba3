using System.Security.Cryptography;

namespace Gain.Workers;

/// <summary>
/// How many connections each address has: an open-addressing table of fixed size, shared by all workers.
/// Touched at a connection's begin and end, and only where the limit per address is set.
/// </summary>
internal sealed class AddressCounts
{
    private readonly Lock _lock = new();
    private readonly UInt128[] _addresses;
    private readonly int[] _counts;
    private readonly int _mask;
    private readonly int _limit;

    // Unknown to clients, so that they cannot choose addresses that collide.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="maxConnections">The connections at once: the table is at most half full.</param>
    /// <param name="limit">The connections that an address may have.</param>
    public AddressCounts(int maxConnections, int limit)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)maxConnections * 2);
        _addresses = new UInt128[size];
        _counts = new int[size];
        _mask = size - 1;
        _limit = limit;
    }

    /// <summary>
    /// Counts a connection in, unless its address has as many as it may, or the server has. Both at once: a
    /// place that is taken for an address which then is refused would be missed by others.
    /// </summary>
    /// <param name="address">The address.</param>
    /// <param name="places">The server's places, of which one is taken; null for a connection that has its
    /// place.</param>
    public RefusalReason TryAdd(UInt128 address, ConnectionPlaces? places)
    {
        lock (_lock)
        {
            int place = Find(address);
            if (_counts[place] >= _limit)
            {
                return RefusalReason.AddressLimit;
            }

            if (places?.TryTake() == false)
            {
                return RefusalReason.ConnectionLimit;
            }

            _addresses[place] = address;
            _counts[place]++;
            return RefusalReason.None;
        }
    }

    /// <summary>Counts a connection out that was counted in.</summary>
    public void Remove(UInt128 address)
    {
        lock (_lock)
        {
            int place = Find(address);
            if (--_counts[place] == 0)
            {
                CloseGap(place);
            }
        }
    }

    // The address's place, or the free one where it belongs.
    private int Find(UInt128 address)
    {
        int place = HomeOf(address);
        while (_counts[place] != 0 && _addresses[place] != address)
        {
            place = (place + 1) & _mask;
        }

        return place;
    }

    // What follows moves up, as far as it may, so that no search stops early at the gap.
    private void CloseGap(int gap)
    {
        for (int place = (gap + 1) & _mask; _counts[place] != 0; place = (place + 1) & _mask)
        {
            int fromHome = (place - HomeOf(_addresses[place])) & _mask;
            int fromGap = (place - gap) & _mask;
            if (fromHome >= fromGap)
            {
                _addresses[gap] = _addresses[place];
                _counts[gap] = _counts[place];
                _counts[place] = 0;
                gap = place;
            }
        }
    }

    private int HomeOf(UInt128 address)
    {
        ulong mixed = ((ulong)address ^ _seed) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 32) ^ (ulong)(address >> 64)) * 0xD6E8FEB86659FD93;
        return (int)(mixed >> 32) & _mask;
    }
}
