using System.Numerics;
using System.Runtime.CompilerServices;
using Gain.Uring;

namespace Gain.Rings;

/// <summary>
/// Completions that a ring has taken from the kernel and not handed out, so that one operation does not fill
/// a batch. A turn hands out a limited number of each operation; the rest waits for the next one.
/// </summary>
/// <remarks>
/// Each user_data that has completions here has a lane: a list of them, in the order in which they came.
/// The lanes stand in a queue. A turn visits each lane once: one that is empty then ends, and one that is
/// not goes to the queue's end. So the order within an operation is kept, and that between operations is
/// not, which the seam does not promise either.
/// <para>
/// Everything lies in one mapping of a fixed size, whose pages take memory when they are first used. What
/// has no room is refused, and stays in the kernel's queue.
/// </para>
/// </remarks>
internal sealed unsafe class FairQueue : IDisposable
{
    // 2⁶⁴ divided by the golden ratio: the upper bits of the product depend on all bits of a user_data.
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly int _longestRun;
    private readonly int _bucketShift;
    private readonly nuint _bytes;
    private int _capacity;

    // SAFETY: the mapping is this object's until Dispose, on the worker's thread. The numbers of entries and
    // lanes begin at 1: 0 is none, as in pages that nobody has written to.
    private Entry* _entries;
    private Lane* _lanes;
    private int* _buckets;

    private int _freeEntry;
    private int _usedEntries;
    private int _freeLane;
    private int _usedLanes;

    private int _firstLane;
    private int _lastLane;
    private int _laneCount;

    // What the turn has left: lanes at the front that it has not visited, and completions of the first one.
    private int _lanesLeft;
    private int _runLeft;

    /// <summary>Maps the memory.</summary>
    /// <param name="capacity">The most completions that wait.</param>
    /// <param name="longestRun">The most of one operation that a turn hands out.</param>
    public FairQueue(int capacity, int longestRun)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longestRun, 1);
        _capacity = capacity;
        _longestRun = longestRun;
        int bucketBits = Math.Max(1, BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)capacity)));
        _bucketShift = 64 - bucketBits;
        nuint entryBytes = (nuint)(capacity + 1) * (nuint)sizeof(Entry);
        nuint laneBytes = (nuint)(capacity + 1) * (nuint)sizeof(Lane);
        _bytes = entryBytes + laneBytes + ((nuint)sizeof(int) << bucketBits);
        byte* pages = (byte*)NativePages.Map(_bytes);
        _entries = (Entry*)pages;
        _lanes = (Lane*)(pages + entryBytes);
        _buckets = (int*)(pages + entryBytes + laneBytes);
    }

    /// <summary>The completions that wait.</summary>
    public int Count { get; private set; }

    /// <summary>How often there was no room.</summary>
    public long Refusals { get; private set; }

    /// <summary>Puts a completion behind the others of its operation.</summary>
    /// <returns>False when there is no room.</returns>
    public bool TryAdd(in CompletionEntry completion)
    {
        if (Count == _capacity)
        {
            Refusals++;
            return false;
        }

        int number = _freeEntry;
        if (number == 0)
        {
            number = ++_usedEntries;
        }
        else
        {
            _freeEntry = _entries[number].Next;
        }

        _entries[number] = new Entry { Completion = completion };
        ref Lane lane = ref LaneOf(completion.UserData);
        if (lane.Count == 0)
        {
            lane.First = number;
        }
        else
        {
            _entries[lane.Last].Next = number;
        }

        lane.Last = number;
        lane.Count++;
        Count++;
        return true;
    }

    /// <summary>Begins a turn, which visits the lanes that there are now.</summary>
    public void BeginTurn()
    {
        _lanesLeft = _laneCount;
        _runLeft = 0;
    }

    /// <summary>Takes the next completion of the turn, if there is one.</summary>
    public bool TryTake(out CompletionEntry completion)
    {
        if (_runLeft == 0)
        {
            if (_lanesLeft == 0)
            {
                completion = default;
                return false;
            }

            _lanesLeft--;
            _runLeft = Math.Min(_lanes[_firstLane].Count, _longestRun);
        }

        ref Lane lane = ref _lanes[_firstLane];
        int number = lane.First;
        ref Entry entry = ref _entries[number];
        completion = entry.Completion;
        lane.First = entry.Next;
        lane.Count--;
        entry.Next = _freeEntry;
        _freeEntry = number;
        Count--;
        if (--_runLeft == 0)
        {
            LeaveLane();
        }

        return true;
    }

    /// <summary>The bytes that the waiting completions of one operation tell of.</summary>
    public long CountBytes(ulong userData)
    {
        long bytes = 0;
        int lane = Count == 0 ? 0 : FindLane(userData);
        if (lane != 0)
        {
            for (int number = _lanes[lane].First; number != 0; number = _entries[number].Next)
            {
                bytes += Math.Max(0, _entries[number].Completion.Result);
            }
        }

        return bytes;
    }

    /// <summary>Unmaps the memory; what waits is gone.</summary>
    public void Dispose()
    {
        NativePages.Unmap(_entries, _bytes);
        _entries = null;
        _lanes = null;
        _buckets = null;
        Count = 0;
        _capacity = 0;
        _firstLane = 0;
        _laneCount = 0;
        BeginTurn();
    }

    private int FindLane(ulong userData)
    {
        int lane = BucketOf(userData);
        while (lane != 0 && _lanes[lane].UserData != userData)
        {
            lane = _lanes[lane].NextInBucket;
        }

        return lane;
    }

    // A new one is at the queue's end, behind those of the turn.
    private ref Lane LaneOf(ulong userData)
    {
        int found = FindLane(userData);
        if (found != 0)
        {
            return ref _lanes[found];
        }

        int number = _freeLane;
        if (number == 0)
        {
            number = ++_usedLanes;
        }
        else
        {
            _freeLane = _lanes[number].Next;
        }

        ref int bucket = ref BucketOf(userData);
        _lanes[number] = new Lane { UserData = userData, NextInBucket = bucket };
        bucket = number;
        _laneCount++;
        Append(number);
        return ref _lanes[number];
    }

    private void Append(int number)
    {
        _lanes[number].Next = 0;
        if (_firstLane == 0)
        {
            _firstLane = number;
        }
        else
        {
            _lanes[_lastLane].Next = number;
        }

        _lastLane = number;
    }

    private void LeaveLane()
    {
        int number = _firstLane;
        ref Lane lane = ref _lanes[number];
        _firstLane = lane.Next;
        if (lane.Count != 0)
        {
            Append(number);
            return;
        }

        ref int link = ref BucketOf(lane.UserData);
        while (link != number)
        {
            link = ref _lanes[link].NextInBucket;
        }

        link = lane.NextInBucket;
        lane.Next = _freeLane;
        _freeLane = number;
        _laneCount--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int BucketOf(ulong userData) => ref _buckets[(userData * Spread) >> _bucketShift];

    // Next: the following one of its lane, or of those that are free.
    private struct Entry
    {
        public CompletionEntry Completion;
        public int Next;
    }

    // Next: the following one in the queue, or of those that are free.
    private struct Lane
    {
        public ulong UserData;
        public int First;
        public int Last;
        public int Count;
        public int Next;
        public int NextInBucket;
    }
}
