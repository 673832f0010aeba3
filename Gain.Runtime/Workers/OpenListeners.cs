using System.Net;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// What a server listens on: the addresses of its start, and what is added and stopped while it runs. Any
/// thread. The threads that accept make the changes themselves: see <see cref="ListenerChanges"/>.
/// </summary>
internal sealed class OpenListeners : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ServedAddress[] _served;
    private readonly GainOptions _options;
    private readonly ServerState _state;
    private readonly Action _notifyAll;
    private readonly List<OpenListener> _open = [];

    // Where those of the start were bound, and their numbers: others can be served like one that has ended.
    private readonly Dictionary<string, byte> _numbers = [];

    // The places of the threads' listeners that are taken.
    private readonly bool[] _places;
    private bool _isDisposed;

    // Replaced as a whole, so that they can be read without the lock.
    private volatile BoundAddress[] _bound = [];
    private volatile IReadOnlyList<string> _addresses = [];
    private volatile IReadOnlyList<IPEndPoint> _endPoints = [];

    /// <param name="served">The addresses of the start.</param>
    /// <param name="listeners">Their sockets.</param>
    /// <param name="options">The server's options, valid.</param>
    /// <param name="state">What the threads share.</param>
    /// <param name="notifyAll">Has all threads look for changes.</param>
    public OpenListeners(
        ServedAddress[] served,
        ListenerSet listeners,
        GainOptions options,
        ServerState state,
        Action notifyAll)
    {
        _served = served;
        _options = options;
        _state = state;
        _notifyAll = notifyAll;
        _places = new bool[listeners.ListenersPerWorker + Listeners.MaxAdded];
        int place = 0;
        for (int i = 0; i < listeners.Parts.Count; i++)
        {
            ListenerSet set = listeners.Parts[i];
            Keep(Make(served[i].Given, set, (byte)i, place));
            place += set.ListenersPerWorker;
            foreach (string bound in set.Addresses)
            {
                _numbers.TryAdd(bound, (byte)i);
            }
        }
    }

    /// <summary>Where the sockets are bound, in the order of the addresses.</summary>
    public BoundAddress[] Bound => _bound;

    /// <summary>The same as texts.</summary>
    public IReadOnlyList<string> Addresses => _addresses;

    /// <summary>Those of them that are IP addresses, as end points.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints => _endPoints;

    /// <summary>Listens on one address more.</summary>
    /// <param name="text">The address.</param>
    /// <param name="like">An address that the server was started with or has; null where all are
    /// served alike.</param>
    /// <param name="tag">What its connections are told apart by.</param>
    /// <param name="cancellationToken">Ends the wait for an address that is still held.</param>
    /// <returns>Where it is bound.</returns>
    /// <exception cref="GainException">It cannot be; nothing is changed.</exception>
    public IReadOnlyList<string> Add(
        string text, string? like, byte tag, CancellationToken cancellationToken)
    {
        ServerAddress address = ServerAddress.Parse(text);
        byte served = ServedAddresses.Find(_served, address, like is null ? null : NumberOf(like));
        lock (_gate)
        {
            CheckRunning(address);
            CheckNew(address);
        }

        ListenerSet set = CombinedListeners.Open(
            [address],
            _options,
            held => Log.StillHeld(
                _state.Logger, $"{held}", (long)_options.Timeouts.BindRetry.TotalMilliseconds),
            cancellationToken);
        try
        {
            lock (_gate)
            {
                CheckRunning(address);
                OpenListener added = Make(
                    address, set, served, FindPlaces(address, set.ListenersPerWorker), tag);
                Keep(added);
                Publish(new ListenerChange(added));
            }
        }
        catch
        {
            set.Dispose();
            throw;
        }

        _notifyAll();
        Log.ListenerAdded(_state.Logger, string.Join(", ", set.Addresses), $"{_served[served].Given}");
        return [.. set.Addresses];
    }

    /// <summary>Stops to listen on an address.</summary>
    /// <returns>A task that ends when all threads have closed its sockets.</returns>
    /// <exception cref="GainException">The server does not listen there, or datagrams arrive
    /// there.</exception>
    public Task End(string text)
    {
        ServerAddress address = ServerAddress.Parse(text);
        OpenListener ended;
        lock (_gate)
        {
            ended = Find(address) ?? throw NotListening(address);
            if (ended.HasDatagrams)
            {
                throw new GainException(
                    GainError.AddressUnsupported,
                    $"Cannot stop listening on {address}: datagrams arrive there, and their sockets stay "
                    + "open until the server stops. Start a server of its own for an address that has to end "
                    + "sooner.");
            }

            if (ended.IsEnding || _isDisposed)
            {
                return ended.Ended;
            }

            ended.IsEnding = true;
            ListBound();
            Publish(new ListenerChange(ended, isEnd: true));
        }

        _notifyAll();
        return ended.Ended;
    }

    /// <summary>The server has stopped: no thread listens anymore. Again without effect.</summary>
    public void Dispose()
    {
        OpenListener[] left;
        lock (_gate)
        {
            _isDisposed = true;
            left = [.. _open];
        }

        for (int i = left.Length - 1; i >= 0; i--)
        {
            left[i].Release();
            left[i].NoteEnded();
        }
    }

    private OpenListener Make(
        ServerAddress address, ListenerSet set, byte served, int place, byte tag = 0) => new(
        address, set, served, place, CountThreads(), Forget)
    {
        Tag = tag,
        Adjustments = AcceptedSocketOptions.For(_options.Sockets, address is UnixAddress),
    };

    private int CountThreads() =>
        _options.Architecture == GainArchitecture.Reactor ? 1 : _options.WorkerCount;

    private void Keep(OpenListener added)
    {
        _open.Add(added);
        _places.AsSpan(added.Place, added.Set.ListenersPerWorker).Fill(true);
        ListBound();
    }

    // The threads have closed it.
    private void Forget(OpenListener ended)
    {
        ended.Release();
        lock (_gate)
        {
            _open.Remove(ended);
            _places.AsSpan(ended.Place, ended.Set.ListenersPerWorker).Clear();
        }

        Log.ListenerEnded(_state.Logger, string.Join(", ", ended.Set.Addresses));
    }

    private void ListBound()
    {
        OpenListener[] listening = [.. _open.Where(one => !one.IsEnding)];
        _bound =
        [
            .. listening.SelectMany(one => one.Set.Addresses.Select(
                (address, i) => new BoundAddress(address, one.Place + i))),
        ];
        _addresses = [.. _bound.Select(one => one.Address)];
        _endPoints = [.. listening.SelectMany(one => one.Set.EndPoints)];
    }

    private void Publish(ListenerChange change)
    {
        _state.LastListenerChange.Next = change;
        _state.LastListenerChange = change;
    }

    private void CheckRunning(ServerAddress address)
    {
        if (_state.StopRequested || _isDisposed)
        {
            throw new GainException(
                GainError.AlreadyStopped, $"Cannot listen on {address}: the server stops, or has stopped.");
        }
    }

    private void CheckNew(ServerAddress address)
    {
        if (!address.IsRepeatable && Find(address) is { } there)
        {
            throw new GainException(
                GainError.AddressInUse,
                there.IsEnding
                    ? $"Cannot listen on {address}: this server still serves who waits there. Await the task "
                        + "of StopListeningAsync first."
                    : $"Cannot listen on {address}: this server does already.");
        }
    }

    private int FindPlaces(ServerAddress address, int count)
    {
        int run = 0;
        for (int place = 0; place < _places.Length; place++)
        {
            run = _places[place] ? 0 : run + 1;
            if (run == count)
            {
                return place - count + 1;
            }
        }

        throw new GainException(
            GainError.LimitReached,
            $"Cannot listen on {address}: a server that runs takes {Listeners.MaxAdded} further sockets. "
            + "Stop listening on others, use a wildcard such as tcp://:9000, or start another server.");
    }

    // As it was given, or as it is bound: the port may be the kernel's choice.
    private OpenListener? Find(ServerAddress address)
    {
        string text = address.ToString();
        return _open.FindLast(one => one.Given.ToString() == text)
            ?? _open.FindLast(one => one.Set.Addresses is [var bound] && bound == text);
    }

    // Those of the start first: what they stand for does not change while the server runs.
    private byte NumberOf(string like)
    {
        ServerAddress address = ServerAddress.Parse(like);
        string text = address.ToString();
        int number = Array.FindIndex(_served, one => one.Given.ToString() == text);
        if (number >= 0)
        {
            return (byte)number;
        }

        if (_numbers.TryGetValue(text, out byte bound))
        {
            return bound;
        }

        lock (_gate)
        {
            return Find(address)?.Address ?? throw NotListening(address);
        }
    }

    private GainException NotListening(ServerAddress address) => new(
        GainError.AddressNotFound,
        $"The server does not listen on {address}, but on "
        + (_bound is [] ? "nothing." : $"{string.Join(", ", _addresses)}."));
}
