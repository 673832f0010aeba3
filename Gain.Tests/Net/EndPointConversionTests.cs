using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

public sealed class EndPointConversionTests
{
    [TestCase("127.0.0.1:9000")]
    [TestCase("0.0.0.0:0")]
    [TestCase("255.255.255.255:65535")]
    [TestCase("[::]:0")]
    [TestCase("[2001:db8:1:2:3:4:5:6]:443")]
    [TestCase("[fe80::1%3]:80")]
    public void Goes_to_the_kernel_form_and_back(string text)
    {
        var endPoint = IPEndPoint.Parse(text);

        uint length = EndPointConversion.ToSockAddr(endPoint, out sockaddr_storage storage);

        Assert.That(EndPointConversion.FromSockAddr(ref storage, length), Is.EqualTo(endPoint));
    }

    [Test]
    public void Writes_the_same_bytes_as_the_runtime()
    {
        foreach (string text in new[] { "1.2.3.4:4660", "[2001:db8:1:2:3:4:5:6]:4660" })
        {
            var endPoint = IPEndPoint.Parse(text);

            int length = (int)EndPointConversion.ToSockAddr(endPoint, out sockaddr_storage storage);

            Span<byte> all = MemoryMarshal.AsBytes(new Span<sockaddr_storage>(ref storage));
            byte[] expected = endPoint.Serialize().Buffer.ToArray()[..length];
            Assert.That(all[..length].ToArray(), Is.EqualTo(expected), text);
        }
    }

    [Test]
    public void Reads_an_IPv4_mapped_address_as_IPv4()
    {
        var mapped = new IPEndPoint(IPAddress.Parse("::ffff:10.1.2.3"), 7);

        uint length = EndPointConversion.ToSockAddr(mapped, out sockaddr_storage storage);

        Assert.That(length, Is.EqualTo(28), "an IPv6 socket needs the IPv6 form");
        Assert.That(
            EndPointConversion.FromSockAddr(ref storage, length),
            Is.EqualTo(IPEndPoint.Parse("10.1.2.3:7")));
    }

    [Test]
    public void Reads_no_address_from_another_family_or_from_too_few_bytes()
    {
        var endPoint = IPEndPoint.Parse("1.2.3.4:5");
        uint length = EndPointConversion.ToSockAddr(endPoint, out sockaddr_storage storage);

        Assert.That(EndPointConversion.FromSockAddr(ref storage, 0), Is.Null);
        Assert.That(EndPointConversion.FromSockAddr(ref storage, length - 1), Is.Null);
        storage.ss_family = SocketAbi.AF_UNIX;
        length = (uint)Unsafe.SizeOf<sockaddr_storage>();
        Assert.That(EndPointConversion.FromSockAddr(ref storage, length), Is.Null);
    }

    [Test]
    public void Refuses_to_write_an_address_that_is_not_IP()
    {
        Assert.That(
            () => EndPointConversion.ToSockAddr(new OddEndPoint(), out _),
            Throws.TypeOf<NotSupportedException>());
    }

    private sealed class OddEndPoint() : IPEndPoint(IPAddress.Any, 0)
    {
        public override AddressFamily AddressFamily => AddressFamily.AppleTalk;
    }
}
