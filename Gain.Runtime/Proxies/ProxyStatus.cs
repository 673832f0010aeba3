namespace Gain.Proxies;

/// <summary>What came of reading a PROXY header.</summary>
internal enum ProxyStatus
{
    /// <summary>It is not whole yet.</summary>
    NeedsMore = 0,

    /// <summary>It is there, and right.</summary>
    Complete,

    /// <summary>It does not begin as a header does.</summary>
    NoHeader,

    /// <summary>It begins as one, and violates the protocol.</summary>
    Malformed,

    /// <summary>Its CRC-32C is another than that of its bytes.</summary>
    WrongChecksum,

    /// <summary>It is longer than it may be.</summary>
    TooLong,
}
