namespace Gain.Tests.Simulation.Outgoing;

/// <summary>A socket of the worker's, and what its peer does.</summary>
/// <param name="id">Its number among all that a run has had.</param>
internal sealed class OutgoingSocket(int id)
{
    public int Id => id;

    /// <summary>Its descriptor; -1 before it has one and after it is closed.</summary>
    public int Fd { get; set; } = -1;

    /// <summary>Where it was connected to; 0 for a client's.</summary>
    public int Port { get; set; }

    public bool IsUp { get; set; }

    public bool IsClosed { get; set; }

    public bool HasFin { get; set; }

    public bool IsReset { get; set; }

    /// <summary>The worker has ended its side.</summary>
    public bool HasSentFin { get; set; }

    /// <summary>All that has arrived from the peer.</summary>
    public List<byte> Inbox { get; } = [];

    /// <summary>How much of it receives have taken.</summary>
    public int Taken { get; set; }

    /// <summary>How much of it handlers have used.</summary>
    public int Used { get; set; }

    /// <summary>All that the worker has sent.</summary>
    public List<byte> Outbox { get; } = [];

    /// <summary>How much of it the peer has dealt with.</summary>
    public int Heard { get; set; }

    public OutgoingOperation? Receive { get; set; }

    public OutgoingOperation? Send { get; set; }

    /// <summary>Operations whose last completion the worker has not taken.</summary>
    public int InFlight { get; set; }

    /// <summary>Who dials it again when it ends: known where nobody else goes to its port.</summary>
    public Undertaking? Owner { get; set; }

    /// <summary>Whose it is now.</summary>
    public Undertaking? User { get; set; }

    /// <summary>When it was given back; -1 while it is somebody's.</summary>
    public long ReturnedMs { get; set; } = -1;

    /// <summary>In which turn.</summary>
    public int ReturnedTurn { get; set; }

    /// <summary>The peer had ended it when its last receive was over: the worker can know.</summary>
    public bool WasGone { get; set; }

    public int Unread => Inbox.Count - Taken;

    /// <summary>It is kept, as far as the kernel can see: nobody's, and received from.</summary>
    public bool IsKept => ReturnedMs >= 0 && !HasSentFin
        && Receive is { IsOver: false, IsCancelled: false };
}
