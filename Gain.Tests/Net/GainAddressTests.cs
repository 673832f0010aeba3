using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CsCheck;
using Gain.Kernel;
using Gain.Sockets;
using NUnit.Framework;

namespace Gain.Tests.Net;

[TestFixture]
public sealed class GainAddressTests
{
    // Zero groups are common, as in real addresses, so that each kind of gap occurs.
    private static readonly Gen<IPAddress> s_v6 =
        from groups in Gen.Frequency((3, Gen.Const((ushort)0)), (2, Gen.UShort), (1, Gen.UShort[0, 15]))
            .Array[8]
        from scope in Gen.Frequency((3, Gen.Const(0u)), (1, Gen.UInt))
        let address = new IPAddress([.. groups.SelectMany(g => new[] { (byte)(g >> 8), (byte)g })], scope)
        select EndPointConversion.Unmap(address);

    private static readonly Gen<IPEndPoint> s_endPoints =
        from address in Gen.OneOf(Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)), s_v6)
        from port in Gen.Int[0, ushort.MaxValue]
        select new IPEndPoint(address, port);

    [Test]
    public void End_point_comes_back_as_it_was() => s_endPoints.Sample(endPoint =>
    {
        GainAddress address = GainAddress.FromIPEndPoint(endPoint);
        Assert.That(address.ToIPEndPoint(), Is.EqualTo(endPoint));
        Assert.That(address.Port, Is.EqualTo(endPoint.Port));
        Assert.That(
            address.Kind,
            Is.EqualTo(endPoint.AddressFamily == AddressFamily.InterNetwork
                ? GainAddressKind.IPv4
                : GainAddressKind.IPv6));
        Assert.That(GainAddress.TryParse(address.ToString(), out GainAddress parsed));
        Assert.That(parsed, Is.EqualTo(address));
        Assert.That(parsed.GetHashCode(), Is.EqualTo(address.GetHashCode()));
    });

    // .NET writes IPv4-compatible addresses and those of ISATAP with a dotted end, which nothing asks for.
    [Test]
    public void Text_is_what_an_end_point_writes() => s_endPoints.Sample(endPoint =>
    {
        string text = GainAddress.FromIPEndPoint(endPoint).ToString();
        if (!(endPoint.AddressFamily == AddressFamily.InterNetworkV6 && endPoint.ToString().Contains('.')))
        {
            Assert.That(text, Is.EqualTo(endPoint.ToString()));
        }
    });

    [Test]
    public void Text_is_written_where_there_is_room_and_not_elsewhere() => s_endPoints.Sample(endPoint =>
    {
        GainAddress address = GainAddress.FromIPEndPoint(endPoint);
        string text = address.ToString();
        Assert.That(text, Has.Length.AtMost(GainAddress.MaxTextLength));
        byte[] bytes = new byte[text.Length];
        char[] chars = new char[text.Length];
        Assert.That(address.TryFormat(bytes, out int written));
        Assert.That(written, Is.EqualTo(text.Length));
        Assert.That(Encoding.ASCII.GetString(bytes), Is.EqualTo(text));
        Assert.That(address.TryFormat(chars, out written));
        Assert.That(new string(chars), Is.EqualTo(text));
        Assert.That(address.TryFormat(bytes.AsSpan(1), out written), Is.False);
        Assert.That(written, Is.Zero);
        Assert.That(address.TryFormat(chars.AsSpan(1), out written), Is.False);
        Assert.That(written, Is.Zero);
        Assert.That(string.Create(CultureInfo.InvariantCulture, $"<{address}>"), Is.EqualTo($"<{text}>"));
    });

    [Test]
    public void Longest_text_fits_exactly()
    {
        byte[] host = Enumerable.Repeat((byte)0xFE, 16).ToArray();
        var endPoint = new IPEndPoint(new IPAddress(host, uint.MaxValue), ushort.MaxValue);

        string text = GainAddress.FromIPEndPoint(endPoint).ToString();

        Assert.That(text, Has.Length.EqualTo(GainAddress.MaxTextLength));
    }

    [TestCase("2001:db8:0:0:1:0:0:1", "[2001:db8::1:0:0:1]:1")]
    [TestCase("2001:db8:0:1:1:1:1:1", "[2001:db8:0:1:1:1:1:1]:1")]
    [TestCase("::", "[::]:1")]
    [TestCase("::1", "[::1]:1")]
    [TestCase("1::", "[1::]:1")]
    [TestCase("fe80::1%3", "[fe80::1%3]:1")]
    [TestCase("::ffff:192.0.2.1", "192.0.2.1:1")]
    [TestCase("2001:0:0:1::1", "[2001:0:0:1::1]:1")]
    public void Text_is_that_of_RFC_5952(string host, string expected) => Assert.That(
        GainAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(host), 1)).ToString(),
        Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("localhost:80")]
    [TestCase("1.2.3.4:65536")]
    [TestCase("unix")]
    [TestCase("010.0.0.1")]
    [TestCase("010.0.0.1:80")]
    [TestCase("127.1")]
    [TestCase("127.1:80")]
    [TestCase("1")]
    [TestCase("1:80")]
    [TestCase("0x7f.0.0.1")]
    [TestCase("1.2.3.4.5")]
    [TestCase("1.2.3.4:")]
    [TestCase("1.2.3.4:+80")]
    [TestCase("1.2.3.4:000080")]
    [TestCase("1.2.3.4 ")]
    [TestCase("[1.2.3.4]:80")]
    [TestCase("[fe80::1%no-such-interface]:80")]
    [TestCase("[fe80::1%]:80")]
    [TestCase("[fe80::1%0]:80")]
    [TestCase("[fe80::1%4294967296]:80")]
    [TestCase("fe80::1%no-such-interface")]
    [TestCase("[::ffff:010.0.0.1]:80")]
    [TestCase("[::ffff:1.2.3]:80")]
    [TestCase("[::1]80")]
    [TestCase("[::1]:65536")]
    [TestCase("[::1")]
    [TestCase("::1]:80")]
    [TestCase("[::1/64]:80")]
    [TestCase("[]:80")]
    public void What_is_no_address_is_not_parsed(string text) =>
        Assert.That(GainAddress.TryParse(text, out _), Is.False);

    [TestCase("192.0.2.1", "192.0.2.1:0")]
    [TestCase("2001:db8::1", "[2001:db8::1]:0")]
    [TestCase("[2001:DB8::1]", "[2001:db8::1]:0")]
    [TestCase("[fe80::1%lo]:9", "[fe80::1%1]:9")]
    [TestCase("[::ffff:192.0.2.1]:9", "192.0.2.1:9")]
    [TestCase("0.0.0.0:65535", "0.0.0.0:65535")]
    public void Addresses_are_parsed_with_a_port_and_without(string text, string expected)
    {
        Assert.That(GainAddress.TryParse(text, out GainAddress address));
        Assert.That(address.ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Socket_address_is_read_with_its_scope() => s_endPoints.Sample(endPoint =>
    {
        uint length = EndPointConversion.ToSockAddr(endPoint, out sockaddr_storage storage);
        Assert.That(EndPointConversion.TryReadAddress(ref storage, length, out GainAddress address));
        Assert.That(address, Is.EqualTo(GainAddress.FromIPEndPoint(endPoint)));
        Assert.That(EndPointConversion.TryReadAddress(ref storage, length - 1, out _), Is.False, "cut short");
    });

    [Test]
    public void Host_is_the_same_with_every_port() => s_endPoints.Sample(endPoint =>
    {
        GainAddress address = GainAddress.FromIPEndPoint(endPoint);
        GainAddress moved = address.WithPort(ushort.MaxValue - endPoint.Port);
        Assert.That(moved.HasSameHost(address));
        Assert.That(moved, Is.Not.EqualTo(address));
        Assert.That(moved == address, Is.False);
        Assert.That(moved != address);
        Assert.That(moved.WithPort(endPoint.Port), Is.EqualTo(address));
    });

    [Test]
    public void Scope_is_part_of_the_host()
    {
        Assert.That(GainAddress.TryParse("[fe80::1%1]:1", out GainAddress one));
        Assert.That(GainAddress.TryParse("[fe80::1%2]:1", out GainAddress two));
        Assert.That(one.HasSameHost(two), Is.False);
        Assert.That(two.ScopeId, Is.EqualTo(2));
    }

    [Test]
    public void Bytes_of_the_host_are_written_whole_or_not()
    {
        Assert.That(GainAddress.TryParse("192.0.2.1:1", out GainAddress v4));
        Assert.That(GainAddress.TryParse("[2001:db8::1]:1", out GainAddress v6));
        byte[] bytes = new byte[16];

        Assert.That(v4.TryWriteHost(bytes, out int written));
        Assert.That(bytes[..written], Is.EqualTo(IPAddress.Parse("192.0.2.1").GetAddressBytes()));
        Assert.That(v6.TryWriteHost(bytes, out written));
        Assert.That(bytes[..written], Is.EqualTo(IPAddress.Parse("2001:db8::1").GetAddressBytes()));
        Assert.That(v6.TryWriteHost(bytes.AsSpan(1), out written), Is.False);
        Assert.That(written, Is.Zero);
    }

    [Test]
    public void What_has_no_host_says_so()
    {
        Assert.That(GainAddress.Unix.ToString(), Is.EqualTo("unix"));
        Assert.That(default(GainAddress).ToString(), Is.Empty);
        Assert.That(default(GainAddress).Kind, Is.EqualTo(GainAddressKind.None));
        Assert.That(GainAddress.Unix, Is.Not.EqualTo(default(GainAddress)));
        Assert.That(
            () => GainAddress.Unix.ToIPEndPoint(),
            Throws.InvalidOperationException.With.Message.Contains("Unix socket"));
        Assert.That(
            () => default(GainAddress).WithPort(1),
            Throws.InvalidOperationException.With.Message.Contains("default value"));
    }

    [TestCase(-1)]
    [TestCase(65_536)]
    public void Port_has_two_bytes(int port)
    {
        Assert.That(GainAddress.TryParse("192.0.2.1:1", out GainAddress address));
        Assert.That(
            () => address.WithPort(port),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{port}"));
    }
}
