namespace Gain.Sockets;

/// <summary>Which families of addresses a listening address stands for: its scheme.</summary>
internal enum ListenFamily
{
    /// <summary>tcp: IPv4 and IPv6.</summary>
    Any,

    /// <summary>tcp4.</summary>
    IPv4,

    /// <summary>tcp6.</summary>
    IPv6,
}
