namespace Gain.Tls.OpenSsl;

/// <summary>OSSL_PARAM, OpenSSL's named argument; an array of them ends with one without a name.</summary>
// SAFETY: what the pointers lead to is the caller's for the call that reads the array.
internal unsafe struct OsslParam
{
    internal const uint Utf8String = 4;
    internal const uint OctetString = 5;

    public byte* Key;
    public uint DataType;
    public void* Data;
    public nuint DataSize;
    public nuint ReturnSize;
}
