using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>What a worker knows of a dial that is not over, by slot.</summary>
internal struct Dialled
{
    /// <summary>Where to: an address, a Unix socket or a name.</summary>
    public RemoteEnd Target;

    /// <summary>Who waits for it: another thread, or a session; null for nobody.</summary>
    public DialWaiter? Waiter;

    /// <summary>Why there is no socket to connect with; 0 if there is one.</summary>
    public int Errno;

    /// <summary>The connect is in flight.</summary>
    public bool IsArmed;

    /// <summary>It is dialled again, and its delay is not over.</summary>
    public bool IsWaiting;

    /// <summary>Whether it gets a socket of the pool.</summary>
    public RentStage Rent;

    /// <summary>The slot that it gets its socket from while that is <see cref="RentStage.Taking"/>.</summary>
    public int Source;

    /// <summary>Its lookup, until the answer is there; null where there is none.</summary>
    public NameWaiter? Lookup;

    /// <summary>What its name stands for; null before that is known.</summary>
    public GainAddress[]? Addresses;

    /// <summary>The next of these to try.</summary>
    public int NextAddress;

    /// <summary>One more than the number of the first attempt in flight, which leads to the others; 0 for
    /// none.</summary>
    public int FirstAttempt;

    /// <summary>
    /// Why the last attempt failed; the default value before one has. While the layer is set up, why that
    /// fails, with the address that it is set up with from the start.
    /// </summary>
    public ConnectFailure LastFailure;

    /// <summary>The connect is over, and a layer sets the connection up.</summary>
    public bool IsStarting;

    /// <summary>Its time is over.</summary>
    public bool HasExpired;
}
