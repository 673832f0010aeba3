namespace Gain;

/// <summary>What a <see cref="GainAddress"/> is the address of.</summary>
public enum GainAddressKind
{
    /// <summary>Nothing: the default value.</summary>
    None,

    /// <summary>An IPv4 socket, or a dual-stack one's IPv4 peer.</summary>
    IPv4,

    /// <summary>An IPv6 socket.</summary>
    IPv6,

    /// <summary>A Unix socket, which has no host and no port.</summary>
    Unix,
}
