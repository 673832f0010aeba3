using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using Gain.Sockets;

namespace Gain.Tests.Net;

public class AddressFilterTests
{
    // The ends of both families, and what lies beside the mapped addresses.
    private static readonly string[] s_edges =
    [
        "::", "::1", "::fffe:ffff:ffff", "::1:0:0:0", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "0.0.0.0",
        "255.255.255.255", "::ffff:0:0", "::ffff:255.255.255.255",
    ];

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
    [TestCase("::/0", "192.0.2.1", true)]
    [TestCase("::/80", "192.0.2.1", true)]
    [TestCase("::/95", "192.0.2.1", true)]
    [TestCase("::fffe:0:0/95", "192.0.2.1", true)]
    [TestCase("::ffff:0:0/96", "192.0.2.1", false)]
    [TestCase("::ffff:0:0/96", "2001:db8::1", true)]
    [TestCase("::ffff:10.0.0.0/104", "10.1.2.3", false)]
    [TestCase("::ffff:10.0.0.0/104", "11.1.2.3", true)]
    [TestCase("::/0", "::fffe:ffff:ffff", false)]
    [TestCase("::/0", "::1:0:0:0", false)]
    [TestCase("::/0", "::ffff:192.0.2.1", true)]
    public void Network_denies_its_own_family_and_a_mapped_one_is_of_IPv4(
        string network, string address, bool allowed)
    {
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

    /// <summary>Against the framework's own networks, which know families, with mapped ones
    /// unmapped.</summary>
    [Test]
    public void Networks_of_both_families_and_of_every_length_decide_as_the_frameworks_do()
    {
        Gen<IPAddress> address = Gen.OneOf(
            Gen.UInt.Select(AddressOf),
            Gen.UInt.Select(bits => AddressOf(bits & 0x0300_0003)),
            Gen.UInt.Select(bits => AddressOf(bits & 0x0300_0003).MapToIPv6()),
            Gen.Select(Gen.ULong, Gen.ULong, (high, low) => V6(new UInt128(high, low))),
            Gen.Select(Gen.UInt, Gen.Int[0, 48], (bits, shift) => V6((UInt128)bits << shift)),
            Gen.Int[0, s_edges.Length - 1].Select(index => IPAddress.Parse(s_edges[index])));
        Gen<IPNetwork> network = Gen.Select(address, Gen.Int[0, 128], NetworkOf);
        Gen.Select(network.Array[0, 6], network.Array[0, 6], address.Array[20]).Sample(
            (allowed, denied, peers) =>
            {
                var filter = new AddressFilter(allowed, denied);
                foreach (IPAddress peer in peers)
                {
                    bool expected = (allowed.Length == 0 || allowed.Any(n => Holds(n, peer)))
                        && !denied.Any(n => Holds(n, peer));
                    Assert.That(filter.Allows(PeerOf(peer)), Is.EqualTo(expected), $"{peer}");
                }
            },
            iter: 20_000);
    }

    [Test]
    public void Site_of_an_IPv6_address_is_its_first_64_bits()
    {
        Assert.That(PeerOf("2001:db8::1").Site, Is.EqualTo(PeerOf("2001:db8::ffff:2").Site));
        Assert.That(PeerOf("2001:db8::1").Site, Is.Not.EqualTo(PeerOf("2001:db8:0:1::1").Site));
        Assert.That(PeerOf("192.0.2.1").Site, Is.Not.EqualTo(PeerOf("192.0.2.2").Site));
    }

    // The model: a mapped address, or a network of such, is taken for IPv4 before anything is compared.
    private static bool Holds(IPNetwork network, IPAddress peer)
    {
        const int mappedBits = 96;
        IPNetwork own = network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= mappedBits
            ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - mappedBits)
            : network;
        IPAddress who = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        return own.BaseAddress.AddressFamily == who.AddressFamily && own.Contains(who);
    }

    private static IPNetwork NetworkOf(IPAddress address, int length)
    {
        byte[] bytes = address.GetAddressBytes();
        int kept = Math.Min(length, bytes.Length * 8);
        for (int bit = kept; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), kept);
    }

    private static IPAddress V6(UInt128 bits)
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new IPAddress(bytes);
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
