using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using Gain.Net;

namespace Gain.Tests.Net;

public class AddressFilterTests
{
    [TestCase("10.1.2.3", true)]
    [TestCase("10.0.0.0", true)]
    [TestCase("10.255.255.255", true)]
    [TestCase("11.0.0.0", false)]
    [TestCase("9.255.255.255", false)]
    [TestCase("10.9.0.1", false)]
    [TestCase("2001:db8::1", true)]
    [TestCase("2001:db8:0:1::1", false)]
    public void Denied_networks_win_over_allowed_ones(string address, bool allowed)
    {
        var filter = new AddressFilter(
            [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/64")],
            [IPNetwork.Parse("10.9.0.0/16")]);
        Assert.That(filter.Allows(PeerOf(address)), Is.EqualTo(allowed));
    }

    [Test]
    public void Empty_lists_let_everyone_in()
    {
        var filter = new AddressFilter([], []);
        Assert.That(filter.IsOpen);
        Assert.That(filter.Allows(PeerOf("192.0.2.1")));
    }

    [TestCase("0.0.0.0/0", "192.0.2.1", false)]
    [TestCase("0.0.0.0/0", "2001:db8::1", true)]
    [TestCase("::/0", "2001:db8::1", false)]
    [TestCase("::/0", "192.0.2.1", false)]
    public void Network_of_all_addresses_of_a_family_denies_that_family(
        string network, string address, bool allowed)
    {
        // IPv4 addresses are a part of IPv6's, as on a dual-stack listener.
        var filter = new AddressFilter([], [IPNetwork.Parse(network)]);
        Assert.That(filter.Allows(PeerOf(address)), Is.EqualTo(allowed));
    }

    [Test]
    public void Many_overlapping_networks_decide_as_one_by_one()
    {
        Gen<IPNetwork> network = Gen.Select(Gen.UInt, Gen.Int[0, 32], (bits, length) =>
        {
            uint mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
            return new IPNetwork(AddressOf(bits & mask & 0x0FFF_FFFF), Math.Max(length, 4));
        });
        Gen.Select(network.Array[0, 12], network.Array[0, 12], Gen.UInt.Array[20]).Sample(
            (allowed, denied, addresses) =>
            {
                var filter = new AddressFilter(allowed, denied);
                foreach (uint bits in addresses)
                {
                    IPAddress address = AddressOf(bits & 0x0FFF_FFFF);
                    bool expected = (allowed.Length == 0 || allowed.Any(n => n.Contains(address)))
                        && !denied.Any(n => n.Contains(address));
                    Assert.That(filter.Allows(PeerOf(address)), Is.EqualTo(expected), $"{address}");
                }
            });
    }

    [Test]
    public void Site_of_an_IPv6_address_is_its_first_64_bits()
    {
        Assert.That(PeerOf("2001:db8::1").Site, Is.EqualTo(PeerOf("2001:db8::ffff:2").Site));
        Assert.That(PeerOf("2001:db8::1").Site, Is.Not.EqualTo(PeerOf("2001:db8:0:1::1").Site));
        Assert.That(PeerOf("192.0.2.1").Site, Is.Not.EqualTo(PeerOf("192.0.2.2").Site));
    }

    private static GainAddress PeerOf(string address) => PeerOf(IPAddress.Parse(address));

    private static GainAddress PeerOf(IPAddress address) => new(
        address.AddressFamily == AddressFamily.InterNetwork
            ? GainAddress.MapV4(BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes()))
            : BinaryPrimitives.ReadUInt128BigEndian(address.GetAddressBytes()),
        1);

    private static IPAddress AddressOf(uint bits)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, bits);
        return new IPAddress(bytes);
    }
}
