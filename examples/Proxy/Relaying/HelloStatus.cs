namespace Gain.Proxy.Relaying;

/// <summary>What a client's first bytes are.</summary>
internal enum HelloStatus
{
    /// <summary>The message has not come in full.</summary>
    NeedsMore,

    /// <summary>It asks for a name.</summary>
    Found,

    /// <summary>It asks for none.</summary>
    Nameless,

    /// <summary>It is no such message, or longer than one may be.</summary>
    NotTls,
}
