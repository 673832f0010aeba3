namespace Gain.Sessions;

/// <summary>What a session awaits of its connection.</summary>
internal enum SessionWaitKind : byte
{
    None,
    Read,
    Frame,
    Drained,
    Delay,
    Connect,
    Message,
}
