namespace Gain.Uring;

/// <summary>How an accepted socket or a new one is made (<c>SOCK_*</c>, accept4(2), socket(2)).</summary>
[Flags]
public enum SocketFlags
{
    /// <summary>None: it stays open over exec(2), and calls on it block.</summary>
    None = 0,

    /// <summary>Calls on it do not block; the ring needs none of it.</summary>
    NonBlocking = 0x800,

    /// <summary>It is closed on exec(2). Not with a registered file, which has no descriptor.</summary>
    CloseOnExec = 0x80000,
}
