namespace Gain;

/// <summary>The form of a PROXY protocol header.</summary>
public enum ProxyVersion
{
    /// <summary>There is none.</summary>
    None = 0,

    /// <summary>One line of text: <c>PROXY TCP4 192.0.2.1 192.0.2.9 56324 443</c>. It has no TLVs.</summary>
    V1 = 1,

    /// <summary>Binary, with TLVs.</summary>
    V2 = 2,
}
