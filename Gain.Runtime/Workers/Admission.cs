using Gain.Net;

namespace Gain.Workers;

/// <summary>Who is let in: the limits on connections that a server's workers share. Any thread.</summary>
internal sealed class Admission
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly int _maxConnections;
    private readonly AddressFilter _filter;
    private readonly AddressCounts? _addresses;
    private readonly long _acceptIntervalMicros;
    private readonly long _acceptBurstMicros;

    private int _open;
    private int _active;
    private int _waiting;
    private long _nextAcceptMicros;
    private Action? _notifyAll;

    public Admission(GainOptions options)
    {
        _maxConnections = options.MaxConnections;
        _filter = options.MakeFilter();
        if (options.MaxConnectionsPerAddress != 0)
        {
            _addresses = new AddressCounts(options.MaxConnections, options.MaxConnectionsPerAddress);
        }

        if (options.MaxAcceptsPerSecond != 0)
        {
            _acceptIntervalMicros = Math.Max(1, MicrosPerSecond / options.MaxAcceptsPerSecond);
            _acceptBurstMicros = Math.Max(_acceptIntervalMicros, MicrosPerSecond / 10);
        }
    }

    /// <summary>The connections between OnAccept and OnClose.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Whether one more connection may be open.</summary>
    public bool HasRoom => Volatile.Read(ref _open) < _maxConnections;

    /// <summary>Whether peers' addresses matter.</summary>
    public bool ChecksAddresses => !_filter.IsOpen || _addresses is not null;

    /// <summary>Whether networks are kept out, and so <see cref="Allows"/> has to be asked.</summary>
    public bool FiltersNetworks => !_filter.IsOpen;

    /// <summary>Whether the rate of accepts is limited.</summary>
    public bool LimitsRate => _acceptIntervalMicros != 0;

    /// <summary>Says how to wake the workers that wait for room.</summary>
    public void Attach(Action notifyAll) => Volatile.Write(ref _notifyAll, notifyAll);

    /// <summary>
    /// Whether a peer's network is let in. Who may write to a Unix socket is said by its file's permissions.
    /// </summary>
    public bool Allows(GainAddress peer) => peer.Kind == GainAddressKind.Unix || _filter.Allows(peer);

    /// <summary>Counts a connection in, or says why not.</summary>
    /// <param name="peer">Its peer; looked at only when <see cref="ChecksAddresses"/>.</param>
    public RefusalReason TryOpen(GainAddress peer)
    {
        if (!Allows(peer))
        {
            return RefusalReason.AddressFilter;
        }

        if (Interlocked.Increment(ref _open) > _maxConnections)
        {
            Interlocked.Decrement(ref _open);
            return RefusalReason.ConnectionLimit;
        }

        if (_addresses is not null && peer.Kind != GainAddressKind.Unix && !_addresses.TryAdd(peer.Site))
        {
            Interlocked.Decrement(ref _open);
            return RefusalReason.AddressLimit;
        }

        Interlocked.Increment(ref _active);
        return RefusalReason.None;
    }

    /// <summary>Counts a connection's end: OnClose is about to be called.</summary>
    public void CountClosed() => Interlocked.Decrement(ref _active);

    /// <summary>Counts a descriptor closed: the limits have room again.</summary>
    /// <param name="peer">The peer that <see cref="TryOpen"/> was given.</param>
    public void CountFreed(GainAddress peer)
    {
        if (peer.Kind != GainAddressKind.Unix)
        {
            _addresses?.Remove(peer.Site);
        }

        // A full barrier; pairs with BeginWait's: either this sees the waiting worker, or that one the room.
        Interlocked.Decrement(ref _open);
        if (Volatile.Read(ref _waiting) != 0)
        {
            Volatile.Read(ref _notifyAll)?.Invoke();
        }
    }

    /// <summary>Notes that a worker waits for room; it must look once more before it sleeps.</summary>
    public void BeginWait() => Interlocked.Increment(ref _waiting);

    /// <summary>Notes that a worker waits no longer.</summary>
    public void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>Charges one accept to the rate.</summary>
    /// <param name="nowMs">The worker's clock.</param>
    /// <returns>How many milliseconds the next accept has to wait; 0 for none.</returns>
    public long ChargeAccept(long nowMs)
    {
        // The moment from which the next accept is in the rate; a tenth of a second's worth may come at once.
        long now = nowMs * 1_000;
        long seen = Volatile.Read(ref _nextAcceptMicros);
        while (true)
        {
            long next = Math.Max(seen, now - _acceptBurstMicros) + _acceptIntervalMicros;
            long found = Interlocked.CompareExchange(ref _nextAcceptMicros, next, seen);
            if (found == seen)
            {
                return next <= now ? 0 : (next - now + 999) / 1_000;
            }

            seen = found;
        }
    }
}
