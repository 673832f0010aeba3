namespace Gain;

/// <summary>What a TLV of a PROXY protocol header is. Any other number may come, too: 0xE0 to 0xEF are an
/// application's own, and 0xEA is that of AWS.</summary>
public enum ProxyTlvType
{
    /// <summary>No TLV.</summary>
    None = 0,

    /// <summary>The protocol that the client has chosen by ALPN, such as <c>h2</c>.</summary>
    Alpn = 0x01,

    /// <summary>The host name that the client has asked for, by SNI.</summary>
    Authority = 0x02,

    /// <summary>The CRC-32C of the header, which is checked before the handler sees it.</summary>
    Crc32C = 0x03,

    /// <summary>Padding.</summary>
    Noop = 0x04,

    /// <summary>A number for this connection that the proxy has made up, up to 128 bytes.</summary>
    UniqueId = 0x05,

    /// <summary>Facts about the client's TLS: a byte of flags, four of the verification's result, then TLVs
    /// of its own.</summary>
    Ssl = 0x20,

    /// <summary>The name of the network namespace at the proxy.</summary>
    NetworkNamespace = 0x30,
}
