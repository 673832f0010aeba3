using System.Numerics;
using System.Runtime.CompilerServices;
using Gain.Rings;

namespace Gain.Slots;

/// <summary>
/// A worker's deadlines: a hierarchical timing wheel. Arming and cancelling take constant time and no
/// memory, and the worker sleeps until the earliest deadline, however far away it is.
/// </summary>
/// <remarks>
/// <para>
/// Eight levels of 64 buckets; a bucket of level <i>n</i> spans 64ⁿ ms. A timer lies on the level of the
/// highest group of six bits in which its due time differs from <see cref="_elapsedMs"/>, in the bucket that
/// those bits name. So everything on one level is due before everything on the next, and the first bucket of
/// the lowest level in use holds the earliest timer. When time reaches a bucket of a higher level, its timers
/// move down.
/// </para>
/// <para>The worker's thread alone touches it.</para>
/// </remarks>
internal sealed unsafe class TimerWheel : IDisposable
{
    /// <summary>The longest time ahead that a timer may be set to: 24 days.</summary>
    public const long MaxAheadMs = Bounds.MaxTimerMs;

    /// <summary>No timer is armed.</summary>
    public const long Never = long.MaxValue;

    private const int Coarseness = 64;
    private const int LevelBits = 6;
    private const int Levels = 8;
    private const int BucketsPerLevel = 1 << LevelBits;
    private const int None = -1;

    private readonly int _capacity;
    private readonly int[] _heads = new int[Levels * BucketsPerLevel];

    // The earliest due time of each bucket's timers when they were added; a cancellation does not raise it.
    private readonly long[] _earliest = new long[Levels * BucketsPerLevel];

    // A bit for each bucket that is not empty.
    private readonly ulong[] _occupied = new ulong[Levels];

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread.
    private TimerNode* _nodes;
    private long _elapsedMs;

    /// <summary>Reserves the nodes. Their pages take memory only when their timers are first armed.</summary>
    public TimerWheel(int capacity)
    {
        _capacity = capacity;
        _heads.AsSpan().Fill(None);
        _earliest.AsSpan().Fill(Never);
        _nodes = (TimerNode*)NativePages.Map((nuint)capacity * TimerNode.Bytes);
    }

    /// <summary>The timers that are armed.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// When the worker must look next, in milliseconds of its clock; <see cref="Never"/> without a timer.
    /// After cancellations it may be too early, which costs one look.
    /// </summary>
    public long NextDueMs
    {
        get
        {
            int bucket = FirstBucket();
            return bucket == None ? Never : _earliest[bucket];
        }
    }

    /// <summary>
    /// A due time a little later, by at most a 64th of a period: a multiple of a power of two, so that timers
    /// of many connections meet and fire in one turn.
    /// </summary>
    public static long Coarsen(long dueMs, long periodMs)
    {
        long step = (long)BitOperations.RoundUpToPowerOf2((ulong)(periodMs / Coarseness) + 1) / 2;
        return step > 1 ? (dueMs + step - 1) & -step : dueMs;
    }

    /// <summary>Whether a timer is armed.</summary>
    public bool IsArmed(int timer) => Node(timer).IsArmed;

    /// <summary>Arms a timer, or moves one that is armed.</summary>
    /// <param name="timer">The timer: 0 to the capacity.</param>
    /// <param name="nowMs">The worker's clock.</param>
    /// <param name="dueMs">When it is due; what is past is due at once.</param>
    public void Arm(int timer, long nowMs, long dueMs)
    {
        ref TimerNode node = ref Node(timer);
        if (node.IsArmed)
        {
            Unlink(ref node);
        }
        else
        {
            if (Count == 0)
            {
                // Nothing depends on where the wheel stands, and close timers then need no moving down.
                _elapsedMs = Math.Max(_elapsedMs, nowMs);
            }

            Count++;
        }

        Link(timer, ref node, dueMs);
    }

    /// <summary>Cancels a timer; without effect when it is not armed.</summary>
    public void Cancel(int timer)
    {
        ref TimerNode node = ref Node(timer);
        if (node.IsArmed)
        {
            Unlink(ref node);
            node.Clear();
            Count--;
        }
    }

    /// <summary>Takes a timer that is due. It is no longer armed then.</summary>
    /// <param name="nowMs">The worker's clock.</param>
    /// <param name="timer">The timer.</param>
    /// <returns>False when no timer is due.</returns>
    public bool TryExpire(long nowMs, out int timer)
    {
        while (true)
        {
            int bucket = FirstBucket();
            if (bucket == None)
            {
                timer = None;
                return false;
            }

            long start = StartOf(bucket);
            if (start > nowMs)
            {
                timer = None;
                return false;
            }

            _elapsedMs = Math.Max(_elapsedMs, start);
            if (bucket < BucketsPerLevel)
            {
                timer = _heads[bucket];
                Cancel(timer);
                return true;
            }

            MoveDown(bucket);
        }
    }

    public void Dispose()
    {
        NativePages.Unmap(_nodes, (nuint)_capacity * TimerNode.Bytes);
        _nodes = null;
    }

    // SAFETY: the nodes are mapped until Dispose; the check keeps every index inside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref TimerNode Node(int timer)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)timer, (uint)_capacity);
        return ref _nodes[timer];
    }

    private void Link(int timer, ref TimerNode node, long dueMs)
    {
        // Not before the place where the wheel stands: that bucket is looked at next.
        long due = Math.Max(dueMs, _elapsedMs);
        int level = BitOperations.Log2((ulong)(due ^ _elapsedMs) | 1) / LevelBits;
        int place = (int)(due >> (level * LevelBits)) & (BucketsPerLevel - 1);
        int bucket = (level * BucketsPerLevel) + place;
        int head = _heads[bucket];
        node.Set(bucket, due);
        node.Previous = None;
        node.Next = head;
        if (head != None)
        {
            _nodes[head].Previous = timer;
        }

        _heads[bucket] = timer;
        _earliest[bucket] = Math.Min(_earliest[bucket], due);
        _occupied[level] |= 1UL << place;
    }

    private void Unlink(ref TimerNode node)
    {
        int bucket = node.Bucket;
        if (node.Next != None)
        {
            _nodes[node.Next].Previous = node.Previous;
        }

        if (node.Previous != None)
        {
            _nodes[node.Previous].Next = node.Next;
            return;
        }

        _heads[bucket] = node.Next;
        if (node.Next == None)
        {
            MarkEmpty(bucket);
        }
    }

    // The wheel stands at the bucket's start now, so that each of its timers belongs to a lower level.
    private void MoveDown(int bucket)
    {
        int timer = _heads[bucket];
        _heads[bucket] = None;
        MarkEmpty(bucket);
        while (timer != None)
        {
            ref TimerNode node = ref _nodes[timer];
            int next = node.Next;
            Link(timer, ref node, node.DueMs);
            timer = next;
        }
    }

    private void MarkEmpty(int bucket)
    {
        _earliest[bucket] = Never;
        _occupied[bucket / BucketsPerLevel] &= ~(1UL << (bucket % BucketsPerLevel));
    }

    private int FirstBucket()
    {
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] != 0)
            {
                return (level * BucketsPerLevel) + BitOperations.TrailingZeroCount(_occupied[level]);
            }
        }

        return None;
    }

    private long StartOf(int bucket)
    {
        int shift = bucket / BucketsPerLevel * LevelBits;
        long block = _elapsedMs >> (shift + LevelBits) << (shift + LevelBits);
        return block | ((long)(bucket % BucketsPerLevel) << shift);
    }
}
