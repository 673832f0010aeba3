using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Proxies;
using Gain.Tests.Server;

namespace Gain.Tests.Proxies;

/// <summary>What headers are read, and what they say.</summary>
public class ProxyParserTests
{
    private static IEnumerable<TestCaseData> Right =>
        ProxySamples.Right.Select(one => new TestCaseData(one.Bytes, one.Says).SetName(one.Name));

    [TestCaseSource(nameof(Right))]
    public void A_header_is_read_once_it_is_whole_and_not_before(byte[] header, string says)
    {
        for (int length = 0; length < header.Length; length++)
        {
            Assert.That(
                ProxyParser.Read(header.AsSpan(0, length), ProxySamples.MaxBytes, out _),
                Is.EqualTo(ProxyStatus.NeedsMore),
                $"{length} bytes");
        }

        byte[] withData = [.. header, .. "GET / HTTP/1.1"u8];
        Assert.That(
            ProxyParser.Read(withData, ProxySamples.MaxBytes, out ProxyHead head),
            Is.EqualTo(ProxyStatus.Complete));
        Assert.That(head.Length, Is.EqualTo(header.Length));
        Assert.That(ProxySamples.Say(head.IsLocal, head.Source, head.Destination), Is.EqualTo(says));
    }

    [TestCase("GET / HTTP/1.1\r\n", "NoHeader")]
    [TestCase("PROXI", "NoHeader")]
    [TestCase("PROXY\tTCP4", "NoHeader")]
    [TestCase("proxy TCP4 192.0.2.1 192.0.2.2 1 2\r\n", "NoHeader")]
    [TestCase("\r\n\r\n\0\r\nQUIT\r", "NoHeader")]
    [TestCase("\r\nGET", "NoHeader")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 1\r 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4  192.0.2.1 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 1 2 \r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.01 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.256 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1. 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 01 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 65536 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 -1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 192.0.2.1 192.0.2.2 +1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP4 ::1 ::2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP6 ::1%eth0 ::2 1 2\r\n", "Malformed")]
    [TestCase("PROXY TCP6 [::1] ::2 1 2\r\n", "Malformed")]
    [TestCase("PROXY UDP4 192.0.2.1 192.0.2.2 1 2\r\n", "Malformed")]
    [TestCase("PROXY  \r\n", "Malformed")]
    public void Another_line_is_no_header(string text, string status) => Assert.That(
        ProxyParser.Read(ProxySamples.Text(text), ProxySamples.MaxBytes, out _).ToString(),
        Is.EqualTo(status));

    [Test]
    public void A_line_without_an_end_is_refused_at_its_longest()
    {
        byte[] line = Encoding.ASCII.GetBytes("PROXY UNKNOWN ".PadRight(107, 'x'));
        Assert.That(
            ProxyParser.Read(line.AsSpan(0, 106), ProxySamples.MaxBytes, out _),
            Is.EqualTo(ProxyStatus.NeedsMore));
        Assert.That(
            ProxyParser.Read(line, ProxySamples.MaxBytes, out _), Is.EqualTo(ProxyStatus.TooLong));
    }

    [TestCase("11", "another version")]
    [TestCase("22", "another command")]
    [TestCase("2F", "another command")]
    [TestCase("21 41", "another family")]
    [TestCase("21 13", "another transport")]
    [TestCase("21 11 000B C0000201 C6336409 DC04 01", "addresses that do not fit")]
    [TestCase("21 21 000C C0000201 C6336409 DC04 01BB", "addresses of the other family")]
    [TestCase("21 31 0010 00000000000000000000000000000000", "Unix addresses that do not fit")]
    [TestCase("21 11 000D C0000201 C6336409 DC04 01BB 01", "a TLV without a length")]
    [TestCase("21 11 0010 C0000201 C6336409 DC04 01BB 01 0002 68", "a TLV that does not fit")]
    [TestCase("21 11 0012 C0000201 C6336409 DC04 01BB 03 0003 FD1C3E", "a checksum of three bytes")]
    public void A_wrong_header_of_version_2_is_refused_as_soon_as_it_can_be(string hex, string what) =>
        Assert.That(
            ProxyParser.Read(ProxySamples.Hex(hex), ProxySamples.MaxBytes, out _),
            Is.EqualTo(ProxyStatus.Malformed),
            what);

    [Test]
    public void A_header_whose_bytes_are_not_those_of_its_checksum_is_refused()
    {
        byte[] right = ProxySamples.Right.Single(one => one.Name == "v2 with a checksum").Bytes;
        for (int i = 16; i < right.Length; i++)
        {
            byte[] wrong = [.. right];
            wrong[i] ^= 0x10;
            ProxyStatus status = ProxyParser.Read(wrong, ProxySamples.MaxBytes, out _);
            bool isOfTheTlv = i is 28 or 29 or 30;
            Assert.That(status == ProxyStatus.WrongChecksum || isOfTheTlv, $"byte {i}: {status}");
        }
    }

    [Test]
    public void A_header_may_be_as_long_as_the_limit_and_no_longer()
    {
        byte[] header = ProxySamples.Right.Single(one => one.Name == "v2 Unix").Bytes;
        Assert.That(ProxyParser.Read(header, header.Length, out _), Is.EqualTo(ProxyStatus.Complete));
        Assert.That(ProxyParser.Read(header, header.Length - 1, out _), Is.EqualTo(ProxyStatus.TooLong));
        Assert.That(
            ProxyParser.Read(header.AsSpan(0, 16), header.Length - 1, out _),
            Is.EqualTo(ProxyStatus.TooLong),
            "what is claimed is enough");
    }

    // The framework's parser takes more than there is in RFC 4291, so that what it takes is not all right.
    [TestCase("::", true)]
    [TestCase("::1", true)]
    [TestCase("1::", true)]
    [TestCase("1:2:3:4:5:6:7:8", true)]
    [TestCase("1:2:3:4:5:6:7::", true)]
    [TestCase("::2:3:4:5:6:7:8", true)]
    [TestCase("1:2:3::6:7:8", true)]
    [TestCase("1:2:3:4:5:6:192.0.2.1", true)]
    [TestCase("::192.0.2.1", true)]
    [TestCase("64:ff9b::192.0.2.1", true)]
    [TestCase("ABCD:ef01::", true)]
    [TestCase("", false)]
    [TestCase(":", false)]
    [TestCase(":::", false)]
    [TestCase("1:", false)]
    [TestCase(":1", false)]
    [TestCase("1::2::3", false)]
    [TestCase("1:2:3:4:5:6:7", false)]
    [TestCase("1:2:3:4:5:6:7:8:9", false)]
    [TestCase("1:2:3:4::5:6:7:8", false)]
    [TestCase("1:2:3:4:5:6:7:8::", false)]
    [TestCase("12345::", false)]
    [TestCase("g::", false)]
    [TestCase("192.0.2.1::", false)]
    [TestCase("1:2:3:4:5:6:7:192.0.2.1", false)]
    [TestCase("::192.0.2", false)]
    [TestCase("::1 ", false)]
    public void An_IPv6_address_is_read_as_RFC_4291_writes_it(string text, bool isRight)
    {
        bool isRead = ProxyLine.TryReadV6(Encoding.ASCII.GetBytes(text), out UInt128 bits);
        Assert.That(isRead, Is.EqualTo(isRight));
        if (isRight)
        {
            byte[] wanted = IPAddress.Parse(text).MapToIPv6().GetAddressBytes();
            Assert.That(bits, Is.EqualTo(BinaryPrimitives.ReadUInt128BigEndian(wanted)));
        }
    }

    [Test]
    public void Every_IPv6_address_that_the_framework_writes_is_read_as_that()
    {
        var random = new Random(1);
        byte[] bytes = new byte[16];
        for (int i = 0; i < 20_000; i++)
        {
            for (int group = 0; group < bytes.Length; group += 2)
            {
                bool isZero = random.Next(2) == 0;
                bytes[group] = (byte)(isZero ? 0 : random.Next(256));
                bytes[group + 1] = (byte)(isZero ? 0 : random.Next(256));
            }

            var address = new IPAddress(bytes);
            Assert.That(address.AddressFamily, Is.EqualTo(AddressFamily.InterNetworkV6));
            byte[] text = Encoding.ASCII.GetBytes($"{address}");
            Assert.That(ProxyLine.TryReadV6(text, out UInt128 bits), $"{address}");
            Assert.That(bits, Is.EqualTo(BinaryPrimitives.ReadUInt128BigEndian(bytes)), $"{address}");
        }
    }

    [Test]
    public void Whatever_comes_is_read_without_a_fault_and_within_what_came()
    {
        var random = new Random(2);
        for (int i = 0; i < 200_000; i++)
        {
            byte[] header = [.. ProxySamples.Right[random.Next(ProxySamples.Right.Length)].Bytes];
            for (int change = random.Next(4); change >= 0; change--)
            {
                header[random.Next(header.Length)] = (byte)random.Next(256);
            }

            ReadOnlySpan<byte> some = header.AsSpan(0, random.Next(header.Length + 1));
            if (ProxyParser.Read(some, ProxySamples.MaxBytes, out ProxyHead head) == ProxyStatus.Complete)
            {
                Assert.That(head.Length, Is.InRange(1, some.Length));
                Assert.That(head.TlvStart, Is.InRange(1, head.Length));
            }
        }
    }
}
