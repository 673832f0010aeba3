using System.Numerics;
using System.Runtime.CompilerServices;
using Gain.Memory;

namespace Gain.Mail;

/// <summary>
/// The one way into a worker from other threads: a bounded queue with many producers and one consumer,
/// without locks, and the latch by which producers wake the worker only when it sleeps.
/// </summary>
/// <remarks>
/// Each cell has a sequence number: equal to a position when the cell is free for that position's
/// producer, one more when it is filled for its consumer. What a command carries lies at the same place of
/// arrays beside the cells: the thread that has the cell has that place, too, so that there is one order for
/// everything that a thread posts.
/// </remarks>
internal partial class Mailbox
{
    private readonly Cell[] _cells;
    private readonly uint _mask;
    private WakeLatch _latch;
    private uint _tail;
    private uint _head;

    public Mailbox(int capacity, PostedMemory? memory = null)
    {
        if (!BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "Must be a power of two.");
        }

        _memory = memory ?? new PostedMemory(new MemoryBudget(0), 0, 0);
        _blocks = new nint[capacity];
        _mask = (uint)capacity - 1;
        _cells = new Cell[capacity];
        for (uint i = 0; i < capacity; i++)
        {
            _cells[i].Sequence = i;
        }
    }

    /// <summary>Whether a command waits. The consumer only.</summary>
    public bool HasMail => Volatile.Read(ref _cells[_head & _mask].Sequence) == _head + 1;

    /// <summary>Where the next command goes: past everything that has been posted.</summary>
    public uint End => Volatile.Read(ref _tail);

    /// <summary>The place of the command that <see cref="TryPeek"/> gave. The consumer only.</summary>
    protected uint Front => _head & _mask;

    /// <summary>Whether commands in front of an end are not read yet. The consumer only.</summary>
    public bool IsBefore(uint end) => (int)(end - _head) > 0;

    /// <summary>Says how to end the worker's wait; before the first post.</summary>
    public void Attach(Action wake) => _latch.Attach(wake);

    /// <summary>Posts a command that carries nothing. Any thread.</summary>
    /// <returns>
    /// False when the mailbox is full: nothing was posted. After the worker's end true: the command goes
    /// where those to connections go that are gone.
    /// </returns>
    public bool TryPost(Command command)
    {
        if (!TryClaim(out uint position))
        {
            return IsClosed;
        }

        Publish(position, command);
        return true;
    }

    /// <summary>Takes the oldest command. The consumer only.</summary>
    public bool TryTake(out Command command)
    {
        if (!TryPeek(out command))
        {
            return false;
        }

        Release(command.Kind);
        return true;
    }

    /// <summary>
    /// Reads the oldest command, which stays in its place, with what it carries, until it is released. The
    /// consumer only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryPeek(out Command command)
    {
        ref Cell cell = ref _cells[_head & _mask];
        // Acquire: pairs with the producer's store in Publish.
        if (Volatile.Read(ref cell.Sequence) != _head + 1)
        {
            command = default;
            return false;
        }

        command = cell.Command;
        return true;
    }

    /// <summary>Drops what the oldest command carries, and frees its place. The consumer only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(CommandKind kind)
    {
        if (kind is CommandKind.Send or CommandKind.Answer or CommandKind.Message or CommandKind.Datagram)
        {
            DropCarried(kind);
        }

        // Release: the producer of the next lap may overwrite the cell only after it was read.
        Volatile.Write(ref _cells[_head & _mask].Sequence, _head + _mask + 1);
        _head++;
    }

    /// <summary>
    /// Ends the worker's wait if it is waiting. Any thread, after the change it should see.
    /// </summary>
    public void WakeIfSleeping() => _latch.WakeIfSleeping();

    /// <summary>Whether the worker sleeps and the caller is the one to wake it. Any thread.</summary>
    public bool TakeSleeper() => _latch.TakeSleeper();

    /// <summary>Ends the worker's wait, after <see cref="TakeSleeper"/> said that the caller is to.</summary>
    public void Wake() => _latch.Wake();

    /// <summary>Sets the latch; the consumer must look for work once more before it waits.</summary>
    public void PrepareToSleep() => _latch.PrepareToSleep();

    /// <summary>Clears the latch after the wait.</summary>
    public void AfterSleep() => _latch.AfterSleep();

    /// <summary>
    /// Takes a place for a command: it is the caller's until it is published, which must follow.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected bool TryClaim(out uint position)
    {
        position = Volatile.Read(ref _tail);
        while (true)
        {
            int lead = (int)(Volatile.Read(ref _cells[position & _mask].Sequence) - position);
            if (lead < 0)
            {
                return false;
            }

            if (lead == 0)
            {
                uint seen = Interlocked.CompareExchange(ref _tail, position + 1, position);
                if (seen == position)
                {
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

    /// <summary>Hands a claimed place, with all that was stored there, to the worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Publish(uint position, Command command)
    {
        PublishQuietly(position, command);
        WakeIfSleeping();
    }

    // As Publish, but that the worker has to be woken yet.
    private void PublishQuietly(uint position, Command command)
    {
        ref Cell cell = ref _cells[position & _mask];
        cell.Command = command;
        // Release: pairs with the consumer's read of the sequence in TryPeek.
        Volatile.Write(ref cell.Sequence, position + 1);
    }

    /// <summary>The place in the arrays that a position has.</summary>
    protected uint PlaceOf(uint position) => position & _mask;

    private struct Cell
    {
        public uint Sequence;
        public Command Command;
    }
}
