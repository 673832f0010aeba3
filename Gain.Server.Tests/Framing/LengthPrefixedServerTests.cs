using System.Buffers.Binary;

namespace Gain.Tests.Server;

/// <summary>A plain length of four bytes, as most protocols have it.</summary>
public sealed class LengthPrefixedServerTests(GainRing ring) : FramedServerTest(ring)
{
    private protected override int MaxLength => 1_000;

    private protected override GainServer StartFramed(Journal journal, GainOptions? options = null) =>
        Start(new PrefixedProtocol(journal), options);

    private protected override byte[] Encode(byte[] payload)
    {
        byte[] frame = new byte[4 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length);
        payload.CopyTo(frame, 4);
        return frame;
    }

    // Only the header is sent: it is enough to tell.
    [Test]
    public Task Rejects(
        [Values(1_001, int.MaxValue, -1, int.MinValue)] int length, [Values] bool byByte)
    {
        byte[] header = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(header, length);
        ProtocolErrorKind kind =
            length < 0 ? ProtocolErrorKind.MalformedLength : ProtocolErrorKind.FrameTooLong;
        return AssertRejectsAsync(header, kind, byByte);
    }
}
