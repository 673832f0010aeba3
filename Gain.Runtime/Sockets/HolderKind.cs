namespace Gain.Sockets;

/// <summary>Who has an address that is in use.</summary>
internal enum HolderKind
{
    /// <summary>Nobody, by now.</summary>
    None,

    /// <summary>A process that lives.</summary>
    Living,

    /// <summary>Nobody who can be seen: a process that has ended, or one of another user's.</summary>
    Unknown,
}
