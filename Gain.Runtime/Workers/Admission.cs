using Gain.Sockets;

namespace Gain.Workers;

/// <summary>Who is let in: the limits on connections that a server's workers share. Any thread.</summary>
internal sealed class Admission
{
    private const long MicrosPerSecond = 1_000_000;

    private readonly ConnectionPlaces _places;
    private readonly AddressFilter _filter;
    private readonly AddressCounts? _addresses;
    private readonly long _acceptIntervalMicros;
    private readonly long _acceptBurstMicros;

    private int _active;
    private int _waiting;
    private long _nextAcceptMicros;
    private Action? _notifyAll;

    public Admission(GainOptions options)
    {
        _places = new ConnectionPlaces(options.Limits.MaxConnections);
        _filter = options.MakeFilter();
        if (options.Limits.MaxConnectionsPerAddress is int perAddress)
        {
            _addresses = new AddressCounts(options.Limits.MaxConnections, perAddress);
        }

        if (options.Accepting.MaxPerSecond is int rate)
        {
            _acceptIntervalMicros = Math.Max(1, MicrosPerSecond / rate);
            _acceptBurstMicros = Math.Max(_acceptIntervalMicros, MicrosPerSecond / 10);
        }
    }

    /// <summary>The connections between OnAccept and OnClose.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Whether one more connection may be open.</summary>
    public bool HasRoom => _places.HasRoom;

    /// <summary>Whether peers' addresses matter.</summary>
    public bool ChecksAddresses => !_filter.IsOpen || _addresses is not null;

    /// <summary>Whether networks are kept out, and so <see cref="Allows"/> has to be asked.</summary>
    public bool FiltersNetworks => !_filter.IsOpen;

    /// <summary>Whether the rate of accepts is limited.</summary>
    public bool LimitsRate => _acceptIntervalMicros != 0;

    /// <summary>Says how to wake the workers that wait for room.</summary>
    public void Attach(Action notifyAll) => Volatile.Write(ref _notifyAll, notifyAll);

    /// <summary>
    /// Whether a peer's network is let in. The permissions of a Unix socket's file say who can write to it.
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

        RefusalReason refusal = TryTakePlace(peer);
        if (refusal == RefusalReason.None)
        {
            Interlocked.Increment(ref _active);
        }

        return refusal;
    }

    /// <summary>
    /// Counts a connection that has its place already for an address, which a load balancer has told of.
    /// </summary>
    /// <param name="client">The address; until now the connection counted for none.</param>
    public RefusalReason TryAttribute(GainAddress client)
    {
        if (!Allows(client))
        {
            return RefusalReason.AddressFilter;
        }

        return _addresses is null || client.Kind == GainAddressKind.Unix
            ? RefusalReason.None
            : _addresses.TryAdd(client.Site, places: null);
    }

    private RefusalReason TryTakePlace(GainAddress peer)
    {
        if (_addresses is not null && peer.Kind != GainAddressKind.Unix)
        {
            return _addresses.TryAdd(peer.Site, _places);
        }

        return _places.TryTake() ? RefusalReason.None : RefusalReason.ConnectionLimit;
    }

    /// <summary>
    /// Takes a place for a connection that is dialled; neither networks nor addresses are looked at, as it is
    /// the program that picks them.
    /// </summary>
    public bool TryTakeOutgoing() => _places.TryTake();

    /// <summary>Counts a connection in that was dialled, and is up.</summary>
    public void CountConnected() => Interlocked.Increment(ref _active);

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
        _places.GiveBack();
        if (Volatile.Read(ref _waiting) != 0)
        {
            Volatile.Read(ref _notifyAll)?.Invoke();
        }
    }

    /// <summary>Notes that a worker waits for room; it must look once more before it sleeps.</summary>
    public void BeginWait() => Interlocked.Increment(ref _waiting);

    /// <summary>Notes that a worker waits no longer.</summary>
    public void EndWait() => Interlocked.Decrement(ref _waiting);

    /// <summary>Gives an accepted socket its moment in the rate.</summary>
    /// <param name="nowMs">The worker's clock.</param>
    /// <returns>How many milliseconds it has to wait before it is taken in; 0 for none.</returns>
    public long ReserveAccept(long nowMs)
    {
        // Moments lie an interval apart. What was not used of a tenth of a second may be used at once.
        long now = nowMs * 1_000;
        long seen = Volatile.Read(ref _nextAcceptMicros);
        while (true)
        {
            long moment = Math.Max(seen, now - _acceptBurstMicros + _acceptIntervalMicros);
            long next = moment + _acceptIntervalMicros;
            long found = Interlocked.CompareExchange(ref _nextAcceptMicros, next, seen);
            if (found == seen)
            {
                return moment <= now ? 0 : (moment - now + 999) / 1_000;
            }

            seen = found;
        }
    }
}
