namespace Gain.Tests.Simulation;

/// <summary>The server's end of a connection: the kernel's view of it.</summary>
internal sealed class SimulatedSocket(SimulatedPeer peer)
{
    public SimulatedPeer Peer => peer;

    /// <summary>Its descriptor; -1 before it is accepted and after it is closed.</summary>
    public int Fd { get; set; } = -1;

    /// <summary>The worker has been told of it.</summary>
    public bool WasAccepted { get; set; }

    /// <summary>The protocol has, too: it was not turned away.</summary>
    public bool WasServed { get; set; }

    /// <summary>When the worker first read it.</summary>
    public long ServedNs { get; set; }

    /// <summary>The worker dials it.</summary>
    public bool IsDialled { get; set; }

    /// <summary>Its connect is over, and it is connected.</summary>
    public bool IsUp { get; set; }

    public bool IsClosed { get; set; }

    /// <summary>Bytes of the peer that have arrived, in all.</summary>
    public int Arrived { get; set; }

    /// <summary>How many of them receives have put into buffers.</summary>
    public int Taken { get; set; }

    /// <summary>How many of them the worker has completions for.</summary>
    public int Seen { get; set; }

    /// <summary>How many had arrived when the server was asked to stop.</summary>
    public int ArrivedAtStop { get; set; }

    /// <summary>When the last receive that showed late did: until then nobody knew what it had
    /// taken.</summary>
    public long HiddenUntilNs { get; set; }

    public bool HasFinArrived { get; set; }

    /// <summary>The worker has been told of the end: a receive of nothing.</summary>
    public bool HasSeenEnd { get; set; }

    /// <summary>The errno that the next operation reports, and only that one.</summary>
    public int PendingError { get; set; }

    /// <summary>The connection was reset, or timed out.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Bytes that the kernel has taken from the worker, in all.</summary>
    public int Accepted { get; set; }

    /// <summary>When it took the last of them.</summary>
    public long AcceptedNs { get; set; }

    public bool HasSentFin { get; set; }

    public long FinSentNs { get; set; }

    public bool ResetsOnClose { get; set; }

    /// <summary>A reset goes, or went, to the peer.</summary>
    public bool HasSentReset { get; set; }

    /// <summary>
    /// The worker may close it with bytes unread: its receive ended otherwise than by the peer's end.
    /// </summary>
    public bool MayGiveUpReading { get; set; }

    public int SendCapacity { get; init; }

    public int ReceiveCapacity { get; init; }

    /// <summary>The receive, until the worker has its last completion.</summary>
    public SimulatedOperation? Receive { get; set; }

    /// <summary>The send, until the worker has its completion.</summary>
    public SimulatedOperation? Send { get; set; }

    /// <summary>Calls on it do not wait.</summary>
    public bool IsPrepared { get; set; }

    /// <summary>The wait for its end, until the worker has its completion.</summary>
    public SimulatedOperation? HangUp { get; set; }

    /// <summary>Operations that name the socket, until the worker has their last completions.</summary>
    public int InFlight { get; set; }

    /// <summary>What the protocol has seen of the connection.</summary>
    public required ServedConnection Served { get; init; }

    /// <summary>What the kernel can still take from the worker.</summary>
    public int Room => SendCapacity - (Accepted - peer.Received);

    /// <summary>Whether poll(2) tells of room: not before there is a third of the buffer.</summary>
    public bool HasPollableRoom => Room > SendCapacity / 3;

    public int Unread => Arrived - Taken;
}
