using System.Numerics;

namespace Gain.Rings;

/// <summary>
/// Finds the operation that waits in an epoll ring by its user_data, for cancellations: a table of chains
/// through the descriptors' own states, of a size that never changes.
/// </summary>
/// <remarks>
/// An operation is a number: twice its descriptor, and 1 more for a send. Links hold the number and 1 more,
/// so that zeroed memory is an empty table.
/// </remarks>
internal sealed class OperationIndex
{
    private const int MaxChains = 1 << 16;

    private readonly EpollTable _table;
    private readonly int[] _chains;
    private readonly int _shift;

    public OperationIndex(EpollTable table)
    {
        _table = table;
        int chains = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(table.Capacity, MaxChains));
        _chains = new int[chains];
        _shift = 64 - BitOperations.Log2((uint)chains);
    }

    /// <summary>Adds the armed receive or accept of a descriptor.</summary>
    public void AddRead(int fd)
    {
        ref EpollDescriptor entry = ref _table[fd];
        ref int head = ref ChainOf(entry.ReadToken);
        entry.NextRead = head;
        head = (fd * 2) + 1;
    }

    /// <summary>Adds the send of a descriptor that waits for room.</summary>
    public void AddSend(int fd)
    {
        ref EpollDescriptor entry = ref _table[fd];
        ref int head = ref ChainOf(entry.SendToken);
        entry.NextSend = head;
        head = (fd * 2) + 2;
    }

    public void RemoveRead(int fd) => Remove(_table[fd].ReadToken, (fd * 2) + 1);

    public void RemoveSend(int fd) => Remove(_table[fd].SendToken, (fd * 2) + 2);

    /// <summary>Finds the operation with a user_data.</summary>
    public bool TryFind(ulong userData, out int fd, out bool isSend)
    {
        int link = ChainOf(userData);
        while (link != 0 && TokenOf(link) != userData)
        {
            link = NextOf(link);
        }

        fd = (link - 1) >> 1;
        isSend = link != 0 && (link & 1) == 0;
        return link != 0;
    }

    private void Remove(ulong userData, int link)
    {
        ref int place = ref ChainOf(userData);
        while (place != link)
        {
            if (place == 0)
            {
                throw new InvalidOperationException($"The operation 0x{userData:x16} is not in the index.");
            }

            place = ref NextOf(place);
        }

        place = NextOf(link);
    }

    private ref int ChainOf(ulong userData) => ref _chains[(userData * 0x9E3779B97F4A7C15) >> _shift];

    private ulong TokenOf(int link)
    {
        ref EpollDescriptor entry = ref _table[(link - 1) >> 1];
        return (link & 1) != 0 ? entry.ReadToken : entry.SendToken;
    }

    private ref int NextOf(int link)
    {
        ref EpollDescriptor entry = ref _table[(link - 1) >> 1];
        return ref (link & 1) != 0 ? ref entry.NextRead : ref entry.NextSend;
    }
}
