namespace Gain.Tls.Tests;

/// <summary>A wire as a session writes to it.</summary>
internal readonly struct WireOutput(Wire wire) : ITlsOutput
{
    public Span<byte> GetSpan(int sizeHint) => wire.GetSpan(sizeHint);

    public void Advance(int count) => wire.Advance(count);

    public void Write(ReadOnlySpan<byte> bytes) => wire.Write(bytes);
}
