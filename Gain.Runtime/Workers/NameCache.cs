using System.Collections.Concurrent;
using System.Net;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// What the names of a protocol's dials stand for. A name is looked up once at a time, whoever dials it, and
/// the answer is kept for a while. Workers read without a lock; everything else happens on threads of the
/// pool.
/// </summary>
internal sealed class NameCache : NameSource
{
    /// <summary>The most lookups at once: each may hold a thread of the pool until the resolver
    /// answers.</summary>
    public const int MaxLookups = 32;

    private readonly DialOptions _options;
    private readonly Func<string, Task<IPAddress[]>> _resolve;
    private readonly Func<long> _nowMs;
    private readonly ConcurrentDictionary<DialName, NameEntry> _entries = new();
    private readonly Lock _gate = new();

    // Names whose lookup waits for its turn. Under the lock, as the count.
    private readonly Queue<(DialName Name, NameEntry Entry)> _queued = new();
    private int _lookups;

    /// <param name="options">How long, and how many; valid.</param>
    public NameCache(DialOptions options)
        : this(options, options.Resolver ?? Dns.GetHostAddressesAsync, static () => MonotonicClock.NowMs)
    {
    }

    internal NameCache(DialOptions options, Func<string, Task<IPAddress[]>> resolve, Func<long> nowMs)
    {
        _options = options;
        _resolve = resolve;
        _nowMs = nowMs;
    }

    /// <summary>The names that are kept.</summary>
    public int Count => _entries.Count;

    public override bool TryFind(DialName name, out GainAddress[] addresses)
    {
        NameAnswer? answer = _entries.TryGetValue(name, out NameEntry? entry) ? entry.Answer : null;
        bool isKnown = answer is not null && _nowMs() < answer.StaleMs;
        addresses = isKnown ? answer!.Addresses : [];
        return isKnown;
    }

    public override void Ask(NameWaiter waiter) => ThreadPool.UnsafeQueueUserWorkItem(
        static ask => ask.Cache.Find(ask.Waiter), (Cache: this, Waiter: waiter), preferLocal: false);

    private void Find(NameWaiter waiter)
    {
        NameEntry? entry = null;
        bool isToBeAsked = false;
        GainAddress[] addresses;
        lock (_gate)
        {
            // Another dial may have asked meanwhile.
            bool isKnown = TryFind(waiter.Name, out addresses);
            if (!isKnown && TryGetEntry(waiter.Name, out entry))
            {
                isToBeAsked = entry!.Add(waiter) && MayLookUpNow(waiter.Name, entry);
            }
        }

        if (entry is null)
        {
            // It is known; or as many are being looked up as may be, and there is no address for now.
            waiter.Answer(addresses);
        }
        else if (isToBeAsked)
        {
            _ = LookUpAsync(waiter.Name, entry);
        }
    }

    private bool MayLookUpNow(DialName name, NameEntry entry)
    {
        if (_lookups == MaxLookups)
        {
            _queued.Enqueue((name, entry));
            return false;
        }

        _lookups++;
        return true;
    }

    private bool TryGetEntry(DialName name, out NameEntry? entry)
    {
        if (_entries.TryGetValue(name, out entry))
        {
            return true;
        }

        if (_entries.Count >= _options.MaxNames && !TryForgetOldest())
        {
            return false;
        }

        entry = _entries[name] = new NameEntry();
        return true;
    }

    // One that is being looked up is not forgotten: somebody waits for it.
    private bool TryForgetOldest()
    {
        DialName? oldest = null;
        long oldestMs = long.MaxValue;
        foreach ((DialName name, NameEntry entry) in _entries)
        {
            if (!entry.IsAsking && entry.Answer!.FoundMs < oldestMs)
            {
                oldest = name;
                oldestMs = entry.Answer.FoundMs;
            }
        }

        return oldest is not null && _entries.TryRemove(oldest, out _);
    }

    private async Task LookUpAsync(DialName name, NameEntry entry)
    {
        GainAddress[] addresses = await ResolveAsync(name).ConfigureAwait(false);
        long now = _nowMs();
        TimeSpan lifetime = addresses.Length != 0 ? _options.NameLifetime : _options.NameFailureLifetime;
        long stale = lifetime == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : now + (long)Math.Ceiling(lifetime.TotalMilliseconds);
        NameWaiter[] waited;
        (DialName Name, NameEntry Entry) next;
        lock (_gate)
        {
            waited = entry.End(new NameAnswer(addresses, now, stale));
            _lookups -= _queued.TryDequeue(out next) ? 0 : 1;
        }

        foreach (NameWaiter waiter in waited)
        {
            waiter.Answer(addresses);
        }

        if (next.Entry is not null)
        {
            _ = LookUpAsync(next.Name, next.Entry);
        }
    }

    private async Task<GainAddress[]> ResolveAsync(DialName name)
    {
        try
        {
            return NameOrder.Of(await _resolve(name.Host).ConfigureAwait(false), name);
        }
        catch (Exception)
        {
            // Whatever it was, the dials have no address, and are told so; a lookup that threw must not keep
            // them waiting.
            return [];
        }
    }
}
