using System.Numerics;

namespace Gain.Connections;

/// <summary>
/// The one way into a worker from other threads: a bounded queue with many producers and one consumer,
/// without locks, and the latch by which producers wake the worker only when it sleeps.
/// </summary>
/// <remarks>
/// Each cell has a sequence number: equal to a position when the cell is free for that position's
/// producer, one more when it is filled for its consumer.
/// </remarks>
internal sealed class Mailbox
{
    private readonly Cell[] _cells;
    private readonly uint _mask;
    private Action? _wake;
    private uint _tail;
    private uint _head;
    private int _sleeping;

    public Mailbox(int capacity)
    {
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Must be a power of two.");
        }

        _mask = (uint)capacity - 1;
        _cells = new Cell[capacity];
        for (uint i = 0; i < capacity; i++)
        {
            _cells[i].Sequence = i;
        }
    }

    /// <summary>Whether a letter waits. The consumer only.</summary>
    public bool HasMail => Volatile.Read(ref _cells[_head & _mask].Sequence) == _head + 1;

    /// <summary>Says how to end the worker's wait; before the first post.</summary>
    public void Attach(Action wake) => Volatile.Write(ref _wake, wake);

    /// <summary>Posts a letter. Any thread.</summary>
    /// <returns>False when the mailbox is full: nothing was posted.</returns>
    public bool TryPost(Mail mail)
    {
        uint position = Volatile.Read(ref _tail);
        while (true)
        {
            ref Cell cell = ref _cells[position & _mask];
            int lead = (int)(Volatile.Read(ref cell.Sequence) - position);
            if (lead < 0)
            {
                return false;
            }

            if (lead == 0)
            {
                uint seen = Interlocked.CompareExchange(ref _tail, position + 1, position);
                if (seen == position)
                {
                    cell.Mail = mail;
                    // Release: pairs with the consumer's read of the sequence in TryTake.
                    Volatile.Write(ref cell.Sequence, position + 1);
                    WakeIfSleeping();
                    return true;
                }

                position = seen;
            }
            else
            {
                position = Volatile.Read(ref _tail);
            }
        }
    }

    /// <summary>Takes the oldest letter. The consumer only.</summary>
    public bool TryTake(out Mail mail)
    {
        ref Cell cell = ref _cells[_head & _mask];
        if (Volatile.Read(ref cell.Sequence) != _head + 1)
        {
            mail = default;
            return false;
        }

        mail = cell.Mail;
        // Release: the producer of the next lap may overwrite the cell only after it was read.
        Volatile.Write(ref cell.Sequence, _head + _mask + 1);
        _head++;
        return true;
    }

    /// <summary>
    /// Ends the worker's wait if it is waiting. Any thread, after the change it should see.
    /// </summary>
    public void WakeIfSleeping()
    {
        // Pairs with the fence in PrepareToSleep: either this sees the latch, or the worker sees the letter.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            Volatile.Read(ref _wake)?.Invoke();
        }
    }

    /// <summary>Sets the latch; the consumer must look for work once more before it waits.</summary>
    public void PrepareToSleep() => Interlocked.Exchange(ref _sleeping, 1);

    /// <summary>Clears the latch after the wait.</summary>
    public void AfterSleep() => Volatile.Write(ref _sleeping, 0);

    private struct Cell
    {
        public uint Sequence;
        public Mail Mail;
    }
}
