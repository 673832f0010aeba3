using System.Net;
using System.Net.Sockets;
using Gain.Sockets;

namespace Gain.Tests.Net;

public sealed class ListenAddressResolvingTests
{
    [TestCase("tcp://127.0.0.1:80", "127.0.0.1:80")]
    [TestCase("tcp://0.0.0.0:80", "0.0.0.0:80")]
    [TestCase("tcp://[::1]:80", "[::1]:80 only")]
    [TestCase("tcp://[::]:80", "[::]:80")]
    [TestCase("tcp6://[::]:80", "[::]:80 only")]
    [TestCase("tcp://:80", "[::]:80")]
    [TestCase("tcp://*:80", "[::]:80")]
    [TestCase("tcp4://:80", "0.0.0.0:80")]
    [TestCase("tcp6://:80", "[::]:80 only")]
    [TestCase("tcp://localhost:80", "127.0.0.1:80 [::1]:80 only")]
    [TestCase("tcp://LOCALHOST.:80", "127.0.0.1:80 [::1]:80 only")]
    [TestCase("tcp4://localhost:80", "127.0.0.1:80")]
    [TestCase("tcp6://localhost:80", "[::1]:80 only")]
    public void Gives_every_address_without_asking_a_name_server(string address, string endPoints)
    {
        Assert.That(Resolve(address, _ => true, NoLookup), Is.EqualTo(endPoints));
    }

    [TestCase("tcp://:80", "0.0.0.0:80")]
    [TestCase("tcp://localhost:80", "127.0.0.1:80")]
    [TestCase("tcp6://:80", "[::]:80 only")]
    [TestCase("tcp6://localhost:80", "[::1]:80 only")]
    [TestCase("tcp://[::]:80", "[::]:80")]
    public void Without_IPv6_falls_back_only_where_IPv4_was_asked_for_too(string address, string endPoints)
    {
        bool IPv4Only(IPAddress a) => a.AddressFamily == AddressFamily.InterNetwork;

        Assert.That(Resolve(address, IPv4Only, NoLookup), Is.EqualTo(endPoints));
    }

    [TestCase("tcp", "127.0.0.1:80 [::1]:80 only")]
    [TestCase("tcp4", "127.0.0.1:80")]
    [TestCase("tcp6", "[::1]:80 only")]
    public void Localhost_that_cannot_be_bound_keeps_its_addresses_for_the_error(
        string scheme, string endPoints) =>
        Assert.That(Resolve($"{scheme}://localhost:80", _ => false, NoLookup), Is.EqualTo(endPoints));

    [TestCase("tcp", "10.0.0.1:80 [2001:db8::1]:80 only 10.0.0.2:80")]
    [TestCase("tcp4", "10.0.0.1:80 10.0.0.2:80")]
    [TestCase("tcp6", "[2001:db8::1]:80 only")]
    public void Filters_what_a_name_means_by_family_and_drops_duplicates(string scheme, string endPoints)
    {
        string[] found = ["10.0.0.1", "2001:db8::1", "::ffff:10.0.0.1", "10.0.0.2", "2001:db8::1"];
        IPAddress[] Lookup(string name) =>
            [.. found.Select(IPAddress.Parse)];

        Assert.That(Resolve($"{scheme}://db.example:80", _ => true, Lookup), Is.EqualTo(endPoints));
    }

    [Test]
    public void Names_the_host_when_its_lookup_fails()
    {
        var cause = new SocketException((int)SocketError.HostNotFound);

        var error = Assert.Throws<GainException>(
            () => Resolve("tcp://no-such.example:80", _ => true, _ => throw cause));

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressNotFound));
        Assert.That(error.Message, Does.Contain("tcp://no-such.example:80"));
        Assert.That(error.Message, Does.Contain("\"no-such.example\""));
        Assert.That(error.InnerException, Is.SameAs(cause));
    }

    [TestCase("tcp6://v4.example:80", "has no IPv6 address, which tcp6:// needs")]
    [TestCase("tcp4://none.example:80", "has no IPv4 address, which tcp4:// needs")]
    [TestCase("tcp://none.example:80", "has no address")]
    public void Names_the_host_that_has_no_address_of_the_family(string address, string fault)
    {
        IPAddress[] Lookup(string name) => name == "v4.example" ? [IPAddress.Parse("10.0.0.1")] : [];

        var error = Assert.Throws<GainException>(() => Resolve(address, _ => true, Lookup));

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressNotFound));
        Assert.That(error.Message, Does.Contain(fault));
    }

    [Test]
    public void Knows_which_addresses_this_machine_has()
    {
        Assert.That(AddressProbe.CanBind(IPAddress.Loopback), Is.True);
        Assert.That(AddressProbe.CanBind(IPAddress.Parse("192.0.2.1")), Is.False);
        Assert.That(AddressProbe.CanBind(IPAddress.Parse("2001:db8::1")), Is.False);
    }

    [Test]
    public void Resolves_localhost_on_this_machine()
    {
        ListenEndPoint[] endPoints = ListenAddress.Parse("tcp://localhost:80").Resolve();

        Assert.That(endPoints[0].EndPoint, Is.EqualTo(new IPEndPoint(IPAddress.Loopback, 80)));
    }

    private static string Resolve(
        string address, Func<IPAddress, bool> canBind, Func<string, IPAddress[]> lookup)
    {
        ListenEndPoint[] endPoints = ListenAddress.Parse(address).Resolve(canBind, lookup);
        return string.Join(' ', endPoints.Select(e => e.V6Only ? $"{e.EndPoint} only" : $"{e.EndPoint}"));
    }

    private static IPAddress[] NoLookup(string name) =>
        throw new AssertionException($"\"{name}\" was looked up, and need not be.");
}
