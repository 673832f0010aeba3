using System.Buffers.Binary;

namespace Gain.Tests.Server;

/// <summary>A length of eight bytes, little endian, in the middle of a header that it counts.</summary>
public sealed class AdjustedPrefixServerTests(GainRing ring) : FramedServerTest(ring)
{
    private const int Header = 11;

    private protected override int MaxLength => 300;

    private protected override GainServer StartFramed(Journal journal, GainOptions? options = null) =>
        Start(new AdjustedPrefixProtocol(journal), options);

    // The field counts the header and two bytes less than there are.
    private protected override byte[] Encode(byte[] payload) =>
        [.. HeaderOf(payload.Length + Header - 2), .. payload];

    [TestCase(Header - 2 + 301, ProtocolErrorKind.FrameTooLong)]
    [TestCase(1L << 32, ProtocolErrorKind.FrameTooLong)]
    [TestCase(long.MaxValue, ProtocolErrorKind.FrameTooLong)]
    [TestCase(Header - 3, ProtocolErrorKind.MalformedLength)]
    [TestCase(0, ProtocolErrorKind.MalformedLength)]
    [TestCase(-1, ProtocolErrorKind.MalformedLength)]
    [TestCase(long.MinValue, ProtocolErrorKind.MalformedLength)]
    [TestCase(long.MinValue + 5, ProtocolErrorKind.MalformedLength)]
    public async Task Rejects(long field, ProtocolErrorKind kind)
    {
        await AssertRejectsAsync(HeaderOf(field), kind, byByte: false);
        await AssertRejectsAsync(HeaderOf(field), kind, byByte: true);
    }

    private static byte[] HeaderOf(long field)
    {
        byte[] header = [1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(3), field);
        return header;
    }
}
