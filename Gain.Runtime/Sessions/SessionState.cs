namespace Gain.Sessions;

/// <summary>A connection's session, by its slot.</summary>
internal struct SessionState
{
    /// <summary>What goes on when what is awaited comes; null while nothing of the connection is.</summary>
    public SessionBox? Waiting;

    /// <summary>What is awaited.</summary>
    public SessionWaitKind Kind;

    public SessionFlags Flags;

    public readonly bool Has(SessionFlags any) => (Flags & any) != 0;
}
