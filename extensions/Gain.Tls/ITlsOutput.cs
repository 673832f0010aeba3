namespace Gain.Tls;

/// <summary>
/// Where ciphertext goes: the writer of a connection. A struct, so that the calls are direct; they are made
/// outside of OpenSSL, so that what it throws unwinds managed frames alone.
/// </summary>
internal interface ITlsOutput
{
    /// <summary>Memory for the next bytes; it may be shorter than asked for, which costs a copy.</summary>
    /// <param name="sizeHint">How much is needed, at most 16,384.</param>
    Span<byte> GetSpan(int sizeHint);

    /// <summary>The next bytes were written to that memory.</summary>
    void Advance(int count);

    /// <summary>Writes bytes that lie elsewhere.</summary>
    void Write(ReadOnlySpan<byte> bytes);
}
