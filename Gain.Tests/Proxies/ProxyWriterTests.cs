using Gain.Proxies;
using Gain.Tests.Server;

namespace Gain.Tests.Proxies;

/// <summary>Headers that are sent.</summary>
public class ProxyWriterTests
{
    private static GainAddress Parse(string text) =>
        GainAddress.TryParse(text, out GainAddress address) ? address : throw new ArgumentException(text);

    private static byte[] Write(
        ProxyVersion version, GainAddress source, GainAddress destination, ReadOnlySpan<byte> tlvs = default)
    {
        var room = new byte[ProxyWriter.MaxBytes(version, tlvs.Length)];
        return room[..ProxyWriter.Write(room, version, source, destination, tlvs)];
    }

    [TestCase("PROXY TCP4 192.0.2.1 198.51.100.9 56324 443\r\n", "192.0.2.1:56324", "198.51.100.9:443")]
    [TestCase("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", "[2001:db8::1]:1", "[::1]:65535")]
    [TestCase("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "192.0.2.1:1", "[::1]:2")]
    public void A_line_is_as_the_protocol_writes_it(string line, string source, string destination) =>
        Assert.That(
            System.Text.Encoding.ASCII.GetString(Write(ProxyVersion.V1, Parse(source), Parse(destination))),
            Is.EqualTo(line));

    [Test]
    public void Whoever_has_no_address_is_unknown_or_local()
    {
        Assert.That(Write(ProxyVersion.V1, default, default), Is.EqualTo("PROXY UNKNOWN\r\n"u8.ToArray()));
        Assert.That(
            Write(ProxyVersion.V2, GainAddress.Unix, Parse("192.0.2.1:1")),
            Is.EqualTo(ProxySamples.Hex("20 00 0000")));
    }

    [Test]
    public void What_is_written_is_read_as_the_same(
        [Values(ProxyVersion.V1, ProxyVersion.V2)] ProxyVersion version)
    {
        string[] all = ["192.0.2.1:56324", "0.0.0.0:0", "255.255.255.255:65535", "[2001:db8::1]:1", "[::]:0"];
        foreach (string source in all)
        {
            foreach (string destination in all)
            {
                byte[] header = Write(version, Parse(source), Parse(destination));
                Assert.That(
                    ProxyParser.Read(header, ProxySamples.MaxBytes, out ProxyHead head),
                    Is.EqualTo(ProxyStatus.Complete));
                Assert.That(
                    (head.Version, head.Length, head.Source, head.Destination),
                    Is.EqualTo((version, header.Length, Parse(source), Parse(destination))));
            }
        }
    }

    [Test]
    public void A_checksum_among_the_TLVs_is_that_of_the_header()
    {
        byte[] tlvs = new byte[64];
        int length = 0;
        foreach ((ProxyTlvType type, byte[] value) in new (ProxyTlvType, byte[])[]
        {
            (ProxyTlvType.Authority, "example.com"u8.ToArray()), (ProxyTlvType.Crc32C, new byte[4]),
            ((ProxyTlvType)0xE1, [1, 2]),
        })
        {
            Assert.That(ProxyHeader.TryWriteTlv(tlvs.AsSpan(length), type, value, out int written));
            length += written;
        }

        byte[] header = Write(
            ProxyVersion.V2, Parse("192.0.2.1:1"), Parse("192.0.2.2:2"), tlvs.AsSpan(0, length));
        Assert.That(
            ProxyParser.Read(header, ProxySamples.MaxBytes, out _), Is.EqualTo(ProxyStatus.Complete));
        header[^1] ^= 1;
        Assert.That(
            ProxyParser.Read(header, ProxySamples.MaxBytes, out _), Is.EqualTo(ProxyStatus.WrongChecksum));
    }

    [Test]
    public void A_TLV_without_room_is_not_written() =>
        Assert.That(ProxyHeader.TryWriteTlv(new byte[4], ProxyTlvType.Alpn, "h2"u8, out int written)
            || written != 0, Is.False);

    [Test]
    public void A_TLV_is_as_long_as_its_length_can_say_and_no_longer()
    {
        byte[] room = new byte[3 + ushort.MaxValue + 1];
        Assert.That(ProxyHeader.TryWriteTlv(
            room, ProxyTlvType.Noop, new byte[ushort.MaxValue], out int written));
        Assert.That(written, Is.EqualTo(3 + ushort.MaxValue));
        Assert.That(
            () => ProxyHeader.TryWriteTlv(
                room, ProxyTlvType.Noop, new byte[ushort.MaxValue + 1], out _),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("65536"));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(256)]
    public void The_type_of_a_TLV_is_one_byte_that_is_not_0(int type) =>
        Assert.That(
            () => ProxyHeader.TryWriteTlv(new byte[9], (ProxyTlvType)type, [], out _),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
}
