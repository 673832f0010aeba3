using Gain.CompilerServices;

namespace Gain.Tests.Server;

/// <summary>A length in base 128, as delimited protobuf messages have it.</summary>
public sealed class VarintServerTests(GainRing ring) : FramedServerTest(ring)
{
    private protected override int MaxLength => 20_000;

    private protected override GainServer StartFramed(Journal journal, GainOptions? options = null) =>
        Start(new VarintProtocol(journal), options);

    private protected override byte[] Encode(byte[] payload) => [.. VarintOf(payload.Length), .. payload];

    [TestCase(new byte[] { 0xA1, 0x9C, 0x01 }, ProtocolErrorKind.FrameTooLong)]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }, ProtocolErrorKind.FrameTooLong)]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x08 }, ProtocolErrorKind.MalformedLength)]
    [TestCase(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, ProtocolErrorKind.MalformedLength)]
    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80 }, ProtocolErrorKind.MalformedLength)]
    [TestCase(new byte[] { 0x80, 0x00 }, ProtocolErrorKind.MalformedLength)]
    [TestCase(new byte[] { 0x83, 0x80, 0x00 }, ProtocolErrorKind.MalformedLength)]
    [TestCase(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x00 }, ProtocolErrorKind.MalformedLength)]
    public async Task Rejects(byte[] prefix, ProtocolErrorKind kind)
    {
        await AssertRejectsAsync(prefix, kind, byByte: false);
        await AssertRejectsAsync(prefix, kind, byByte: true);
    }

    [TestCase(0)]
    [TestCase(127)]
    [TestCase(128)]
    [TestCase(16_383)]
    [TestCase(16_384)]
    [TestCase(2_097_151)]
    [TestCase(2_097_152)]
    [TestCase(268_435_455)]
    [TestCase(268_435_456)]
    [TestCase(int.MaxValue)]
    public void Length_is_read_when_its_last_byte_is_there(int length)
    {
        byte[] prefix = VarintOf(length);
        for (int there = 0; there < prefix.Length; there++)
        {
            Assert.That(Framing.ReadVarint(prefix.AsSpan(0, there), out int unknown), Is.Zero);
            Assert.That(unknown, Is.Zero);
        }

        Assert.That(Framing.ReadVarint([.. prefix, 0xFF], out int read), Is.EqualTo(prefix.Length));
        Assert.That(read, Is.EqualTo(length));
    }

    private static byte[] VarintOf(int length)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt(length);
        return stream.ToArray();
    }
}
