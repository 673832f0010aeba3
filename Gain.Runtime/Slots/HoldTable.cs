using System.Diagnostics;
using Gain.Mail;

namespace Gain.Slots;

/// <summary>
/// The answers that a worker's connections are held for. The worker takes places; any thread releases them,
/// which cannot fail: a released place goes on a list without locks, which the worker takes as a whole.
/// </summary>
/// <remarks>Managed memory, as a thread may release after the worker has ended.</remarks>
internal sealed class HoldTable
{
    /// <summary>The bytes in front of an answer on its way: the place and the ticket.</summary>
    public const int HeadBytes = 2 * sizeof(uint);

    private readonly HoldEntry[] _entries;
    private readonly Mailbox _mailbox;

    // Places by their number plus one; 0 for none.
    private int _released;
    private int _collected;
    private int _free;
    private int _used;
    private int _oldest;
    private int _newest;

    /// <param name="capacity">The most answers that may be due at once.</param>
    /// <param name="mailbox">By which the worker is woken.</param>
    /// <param name="reserve">How many of them are for sessions that are away.</param>
    public HoldTable(int capacity, Mailbox mailbox, int reserve = 0)
    {
        _entries = new HoldEntry[capacity];
        _mailbox = mailbox;
        Reserve = reserve;
    }

    /// <summary>The most answers that may be due at once.</summary>
    public int Capacity => _entries.Length;

    /// <summary>How many of them are for sessions that are away.</summary>
    public int Reserve { get; }

    /// <summary>The answers that are due of sessions that are away.</summary>
    public int CountAway { get; private set; }

    /// <summary>The answers that are due.</summary>
    public int Count { get; private set; }

    /// <summary>Whether one was released that the worker has not seen to. Any thread.</summary>
    public bool HasReleased => Volatile.Read(ref _released) != 0 || _collected != 0;

    /// <summary>The oldest one's deadline; -1 without any.</summary>
    public long NextDueMs => _oldest == 0 ? -1 : At(_oldest).DueMs;

    /// <summary>Takes a place. The worker only.</summary>
    /// <returns>Its number and its ticket; false when all are taken.</returns>
    public bool TryTake(
        int slot, uint generation, long dueMs, out int index, out uint ticket, bool isAway = false)
    {
        int place = _free;
        if (place != 0)
        {
            _free = At(place).Next;
        }
        else if (_used < _entries.Length)
        {
            place = ++_used;
        }
        else
        {
            index = -1;
            ticket = 0;
            return false;
        }

        ref HoldEntry entry = ref At(place);
        entry.Next = 0;
        entry.IsAway = isAway;
        entry.Slot = slot;
        entry.Generation = generation;
        entry.DueMs = dueMs;
        entry.Older = _newest;
        entry.Newer = 0;
        if (_newest == 0)
        {
            _oldest = place;
        }
        else
        {
            At(_newest).Newer = place;
        }

        _newest = place;
        Count++;
        CountAway += isAway ? 1 : 0;
        ticket = (entry.State + 2) | 1;

        // Release: a thread that gets the ticket finds the place as it was filled.
        Volatile.Write(ref entry.State, ticket);
        index = place - 1;
        return true;
    }

    /// <summary>Releases a place, if it is still held by the ticket. Any thread; it cannot fail.</summary>
    /// <returns>Whether it was held.</returns>
    public bool Release(int index, uint ticket)
    {
        ref HoldEntry entry = ref _entries[index];
        if (Interlocked.CompareExchange(ref entry.State, ticket - 1, ticket) != ticket)
        {
            return false;
        }

        int head = Volatile.Read(ref _released);
        while (true)
        {
            entry.Next = head;
            int seen = Interlocked.CompareExchange(ref _released, index + 1, head);
            if (seen == head)
            {
                break;
            }

            head = seen;
        }

        _mailbox.WakeIfSleeping();
        return true;
    }

    /// <summary>Frees a place at once, if it is still held by the ticket. The worker only.</summary>
    /// <returns>Whether it was held.</returns>
    public bool TryEnd(int index, uint ticket)
    {
        ref HoldEntry entry = ref _entries[index];
        if (Interlocked.CompareExchange(ref entry.State, ticket - 1, ticket) != ticket)
        {
            return false;
        }

        Free(index + 1, out _, out _);
        return true;
    }

    /// <summary>Whether a place is still held by a ticket. Any thread.</summary>
    public bool IsHeld(int index, uint ticket) => Volatile.Read(ref _entries[index].State) == ticket;

    /// <summary>
    /// Sets aside what was released up to now, before the mail is read: what its owners posted before is
    /// read first. The worker only.
    /// </summary>
    public void Collect()
    {
        int place = Interlocked.Exchange(ref _released, 0);
        while (place != 0)
        {
            ref HoldEntry entry = ref At(place);
            int next = entry.Next;
            entry.Next = _collected;
            _collected = place;
            place = next;
        }
    }

    /// <summary>Takes one of those that were set aside, and frees its place. The worker only.</summary>
    public bool TryTakeCollected(out int slot, out uint generation)
    {
        int place = _collected;
        if (place == 0)
        {
            slot = -1;
            generation = 0;
            return false;
        }

        _collected = At(place).Next;
        Free(place, out slot, out generation);
        return true;
    }

    /// <summary>Releases the oldest one if its deadline has passed. The worker only.</summary>
    public bool TryExpire(long nowMs, out int slot, out uint generation)
    {
        while (_oldest != 0 && At(_oldest).DueMs <= nowMs)
        {
            int place = _oldest;
            uint state = Volatile.Read(ref At(place).State);
            if ((state & 1) != 0
                && Interlocked.CompareExchange(ref At(place).State, state - 1, state) == state)
            {
                Free(place, out slot, out generation);
                return true;
            }

            // Somebody has released it just now: it is in the list of these, and out of this one.
            Unlink(place);
        }

        slot = -1;
        generation = 0;
        return false;
    }

    private void Free(int place, out int slot, out uint generation)
    {
        ref HoldEntry entry = ref At(place);
        slot = entry.Slot;
        generation = entry.Generation;
        Unlink(place);
        entry.Next = _free;
        _free = place;
        Count--;
        CountAway -= entry.IsAway ? 1 : 0;
    }

    // Out of the list by age; a second time it does nothing.
    private void Unlink(int place)
    {
        ref HoldEntry entry = ref At(place);
        if (_oldest != place && entry.Older == 0)
        {
            return;
        }

        if (entry.Older == 0)
        {
            _oldest = entry.Newer;
        }
        else
        {
            At(entry.Older).Newer = entry.Newer;
        }

        if (entry.Newer == 0)
        {
            Debug.Assert(_newest == place, "The newest place of the list is another one.");
            _newest = entry.Older;
        }
        else
        {
            At(entry.Newer).Older = entry.Older;
        }

        entry.Older = 0;
        entry.Newer = 0;
    }

    private ref HoldEntry At(int place) => ref _entries[place - 1];
}
