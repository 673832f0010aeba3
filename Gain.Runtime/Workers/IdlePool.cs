using System.Numerics;
using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// The connections of a worker that nobody needs for now: found by what they were dialled with and to, the
/// last one first, and closed from the oldest on.
/// </summary>
internal sealed class IdlePool
{
    private const int MostBuckets = 4_096;

    private readonly DialSettings _settings;

    // By slot. Untouched pages take no memory.
    private readonly Pooled[] _all;

    // The newest of each.
    private readonly int[] _buckets;

    // By protocol.
    private readonly int[] _oldest;
    private readonly int[] _newest;
    private readonly int[] _counts;
    private long _since;

    private IdlePool(DialSettings settings, int slots)
    {
        _settings = settings;
        _all = new Pooled[slots];
        _buckets = new int[BitOperations.RoundUpToPowerOf2((uint)Math.Min(slots, MostBuckets))];
        _oldest = new int[settings.Items.Length];
        _newest = new int[settings.Items.Length];
        _counts = new int[settings.Items.Length];
    }

    /// <summary>For the dials of a worker; null where none of them is kept.</summary>
    public static IdlePool? For(DialSettings settings, int slots) =>
        settings.KeepsAny ? new IdlePool(settings, slots) : null;

    /// <summary>What it counts.</summary>
    public PoolCounters Counters { get; } = new();

    /// <summary>Those that are about to end so that others find a place.</summary>
    public int Leaving { get; private set; }

    /// <summary>Notes where a connection is dialled to.</summary>
    public void Begin(int index, byte address, in RemoteEnd target)
    {
        bool isKeepable = SettingOf(address) is not null;
        _all[index] = new Pooled { Target = target, Address = address, IsKeepable = isKeepable };
        Counters.Rented += isKeepable ? 1 : 0;
    }

    /// <summary>A slot is free: nothing is known of it.</summary>
    public void Forget(int index)
    {
        ref Pooled pooled = ref _all[index];
        Counters.Rented -= pooled is { IsKeepable: true, WasKept: false } ? 1 : 0;
        Leaving -= pooled.End == PoolEnd.Room ? 1 : 0;
        pooled = default;
    }

    /// <summary>Whether a connection may be kept, as far as its protocol is concerned.</summary>
    public bool IsKeepable(int index) => _all[index].IsKeepable;

    /// <summary>Whether what is dialled with a protocol may be kept.</summary>
    public bool Keeps(byte address) => SettingOf(address) is not null;

    /// <summary>Whether it is idle.</summary>
    public bool IsIdle(int index) => _all[index].IsIdle;

    /// <summary>How long a connection is kept.</summary>
    public long IdleMsOf(int index) => SettingOf(_all[index].Address)!.IdleMs;

    private PoolSetting? SettingOf(byte address) => _settings.Items[address - _settings.First].Pool;

    /// <summary>Keeps a connection.</summary>
    /// <returns>The one that has to go for it; <see cref="Slot.None"/> for none.</returns>
    public int Add(int index)
    {
        ref Pooled pooled = ref _all[index];
        PoolSetting setting = SettingOf(pooled.Address)!;
        int protocol = pooled.Address - _settings.First;
        int victim = FindOldest(in pooled, setting.PerTarget);
        if (victim == Slot.None && _counts[protocol] >= setting.All)
        {
            victim = _oldest[protocol] - 1;
        }

        ref int bucket = ref BucketOf(pooled.Address, in pooled.Target);
        pooled.NextInBucket = bucket;
        if (bucket != 0)
        {
            _all[bucket - 1].PreviousInBucket = index + 1;
        }

        bucket = index + 1;
        pooled.Older = _newest[protocol];
        if (pooled.Older != 0)
        {
            _all[pooled.Older - 1].Newer = index + 1;
        }
        else
        {
            _oldest[protocol] = index + 1;
        }

        _newest[protocol] = index + 1;
        _counts[protocol]++;
        pooled.IsIdle = true;
        pooled.WasKept = true;
        pooled.Since = ++_since;
        Counters.Rented--;
        Counters.Idle++;
        return victim;
    }

    // The oldest to the same target, if there are as many as may be.
    private int FindOldest(in Pooled like, int most)
    {
        int count = 0;
        int last = Slot.None;
        for (int i = BucketOf(like.Address, in like.Target); i != 0; i = _all[i - 1].NextInBucket)
        {
            if (IsTo(in _all[i - 1], like.Address, in like.Target))
            {
                count++;
                last = i - 1;
            }
        }

        return count >= most ? last : Slot.None;
    }

    /// <summary>Takes the connection to a target that was used last, for a dial.</summary>
    /// <returns>Its slot; <see cref="Slot.None"/> when there is none.</returns>
    public int Take(byte address, in RemoteEnd target, int taker)
    {
        int index = Find(address, in target);
        if (index != Slot.None)
        {
            Remove(index);
            _all[index].Taker = taker + 1;
        }

        return index;
    }

    /// <summary>The connection to a target that was used last; <see cref="Slot.None"/> for none.</summary>
    public int Find(byte address, in RemoteEnd target)
    {
        int next = BucketOf(address, in target);
        while (next != 0 && !IsTo(in _all[next - 1], address, in target))
        {
            next = _all[next - 1].NextInBucket;
        }

        return next - 1;
    }

    /// <summary>The one that is idle for longest; <see cref="Slot.None"/> for none.</summary>
    public int FindOldest()
    {
        int oldest = Slot.None;
        foreach (int one in _oldest)
        {
            if (one != 0 && (oldest == Slot.None || _all[one - 1].Since < _all[oldest].Since))
            {
                oldest = one - 1;
            }
        }

        return oldest;
    }

    /// <summary>A connection that is idle, or is being taken, is of no use anymore.</summary>
    public void Spoil(int index, PoolEnd end)
    {
        Remove(index);
        ref Pooled pooled = ref _all[index];
        if (pooled.End == PoolEnd.None)
        {
            pooled.End = end;
            Leaving += end == PoolEnd.Room ? 1 : 0;
        }
    }

    /// <summary>Why it is of no use; <see cref="PoolEnd.None"/> if it is.</summary>
    public PoolEnd EndOf(int index) => _all[index].End;

    /// <summary>Whether it was idle, and counts as nobody's since.</summary>
    public bool WasKept(int index) => _all[index].WasKept;

    /// <summary>The dial that gets its socket; <see cref="Slot.None"/> for nobody.</summary>
    public int TakerOf(int index) => _all[index].Taker - 1;

    /// <summary>The dial that was to get its socket is over.</summary>
    public void DropTaker(int index) => _all[index].Taker = 0;

    /// <summary>Takes a connection out of the lists, if it is in them.</summary>
    public void Remove(int index)
    {
        ref Pooled pooled = ref _all[index];
        if (!pooled.IsIdle)
        {
            return;
        }

        int protocol = pooled.Address - _settings.First;
        (pooled.PreviousInBucket == 0
            ? ref BucketOf(pooled.Address, in pooled.Target)
            : ref _all[pooled.PreviousInBucket - 1].NextInBucket) = pooled.NextInBucket;
        if (pooled.NextInBucket != 0)
        {
            _all[pooled.NextInBucket - 1].PreviousInBucket = pooled.PreviousInBucket;
        }

        (pooled.Newer == 0 ? ref _newest[protocol] : ref _all[pooled.Newer - 1].Older) = pooled.Older;
        (pooled.Older == 0 ? ref _oldest[protocol] : ref _all[pooled.Older - 1].Newer) = pooled.Newer;
        _counts[protocol]--;
        Counters.Idle--;
        pooled.IsIdle = false;
        pooled.NextInBucket = pooled.PreviousInBucket = pooled.Older = pooled.Newer = 0;
    }

    private ref int BucketOf(byte address, in RemoteEnd target) =>
        ref _buckets[(target.GetHash() * 31 + address) & (_buckets.Length - 1)];

    private static bool IsTo(in Pooled pooled, byte address, in RemoteEnd target) =>
        pooled.Address == address && pooled.Target.Matches(in target);
}
