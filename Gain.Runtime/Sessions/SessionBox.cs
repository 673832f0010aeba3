namespace Gain.Sessions;

/// <summary>
/// A session, or a part of one, that waits: its state machine, out of the stack. It belongs to one worker, to
/// whose pool it goes back.
/// </summary>
internal abstract class SessionBox : SessionNode
{
    private Action? _comeBack;
    private int _isAway;

    protected SessionBox(SessionHost host, int kind)
    {
        Host = host;
        Kind = kind;
    }

    /// <summary>Its worker's sessions.</summary>
    public SessionHost Host { get; }

    /// <summary>Which pool it is of.</summary>
    public int Kind { get; }

    /// <summary>The slot of the session's connection.</summary>
    public int Slot { get; set; }

    /// <summary>The generation of that slot.</summary>
    public uint Generation { get; set; }

    /// <summary>Who awaits it.</summary>
    public SessionBox? Outer { get; protected set; }

    /// <summary>The place of the answer that is due while it is away; negative for none.</summary>
    public int HoldPlace { get; set; }

    public uint HoldTicket { get; set; }

    /// <summary>
    /// Whether what it awaits of the connection is not to come anymore, as the server stops.
    /// </summary>
    public bool IsEndDue { get; set; }

    /// <summary>What brings it back to its worker from whatever thread. Made once.</summary>
    public Action ComeBack => _comeBack ??= Return;

    /// <summary>It waits for something that is not its worker's.</summary>
    public void GoAway() => Volatile.Write(ref _isAway, 1);

    /// <summary>It does not wait for that after all.</summary>
    public void StayHere() => Volatile.Write(ref _isAway, 0);

    /// <summary>Goes on where it waited.</summary>
    public abstract void MoveNext();

    /// <summary>Forgets its state machine, and what that refers to.</summary>
    public abstract void Clear();

    /// <summary>Notes who awaits it.</summary>
    public void AttachOuter(SessionBox outer) => Outer = outer;

    // Once for each time that it was away, whatever the awaiter does.
    private void Return()
    {
        if (Interlocked.Exchange(ref _isAway, 0) != 0)
        {
            Host.Enqueue(this);
        }
    }
}
