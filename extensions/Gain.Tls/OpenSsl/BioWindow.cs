namespace Gain.Tls.OpenSsl;

/// <summary>
/// What a BIO reads from and writes to while a call into OpenSSL runs: the received bytes, the memory that
/// the caller lends for ciphertext, and a spill for what does not fit there.
/// </summary>
// SAFETY: In and Out are pinned by the caller for one call and are cleared after it; Spill is owned by
// TlsWindow.
internal unsafe struct BioWindow
{
    public byte* In;
    public byte* Out;
    public byte* Spill;
    public int InLength;
    public int OutCapacity;
    public int OutLength;
    public int SpillCapacity;
    public int SpillLength;

    /// <summary>The most that the spill may grow to.</summary>
    public int SpillLimit;

    /// <summary>Set to end the call: no more is read.</summary>
    public bool IsRefusing;

    /// <summary>The spill had no room: something was not written, and the session cannot go on.</summary>
    public bool HasOverflowed;
}
