using System.Net;
using Gain.Sockets;

namespace Gain.Tests.Net;

public sealed class ListenAddressParsingTests
{
    [TestCase("tcp://127.0.0.1:9000", "tcp://127.0.0.1:9000")]
    [TestCase("TCP://127.0.0.1:9000", "tcp://127.0.0.1:9000")]
    [TestCase("tcp4://127.0.0.1:9000", "tcp4://127.0.0.1:9000")]
    [TestCase("tcp://0.0.0.0:1", "tcp://0.0.0.0:1")]
    [TestCase("tcp://255.255.255.254:65535", "tcp://255.255.255.254:65535")]
    [TestCase("tcp://localhost:0", "tcp://localhost:0")]
    [TestCase("tcp://LocalHost.:80", "tcp://localhost.:80")]
    [TestCase("tcp://my-host_1.example.com:80", "tcp://my-host_1.example.com:80")]
    [TestCase("tcp://1and1.example:80", "tcp://1and1.example:80")]
    [TestCase("tcp://:9000", "tcp://*:9000")]
    [TestCase("tcp://*:9000", "tcp://*:9000")]
    [TestCase("tcp4://:9000", "tcp4://*:9000")]
    [TestCase("tcp6://:9000", "tcp6://*:9000")]
    [TestCase("tcp6://*:9000", "tcp6://*:9000")]
    [TestCase("tcp://[::1]:9000", "tcp://[::1]:9000")]
    [TestCase("tcp6://[::1]:9000", "tcp6://[::1]:9000")]
    [TestCase("tcp6://[0:0:0:0:0:0:0:1]:9000", "tcp6://[::1]:9000")]
    [TestCase("tcp://[::]:9000", "tcp://[::]:9000")]
    [TestCase("tcp://[2001:DB8::1]:9000", "tcp://[2001:db8::1]:9000")]
    [TestCase("tcp://[::ffff:127.0.0.1]:9000", "tcp://127.0.0.1:9000")]
    [TestCase("tcp://[fe80::1%1]:9000", "tcp://[fe80::1%1]:9000")]
    [TestCase("tcp://[fe80::1%lo]:9000", "tcp://[fe80::1%1]:9000")]
    [TestCase("tcp://localhost:00080", "tcp://localhost:80")]
    public void Reads_a_good_address_and_gives_its_canonical_form(string address, string canonical)
    {
        var parsed = ListenAddress.Parse(address);

        Assert.That(parsed.ToString(), Is.EqualTo(canonical));
        Assert.That(ListenAddress.Parse(canonical).ToString(), Is.EqualTo(canonical));
    }

    [Test]
    public void Groups_of_IPv4_are_no_addresses_for_connections([Range(1, 255)] int first)
    {
        bool isGroup = first is >= 224 and <= 239;
        foreach (string rest in new[] { "0.0.1", "255.0.1" })
        {
            string? fault = ListenAddress.FaultOf(IPAddress.Parse($"{first}.{rest}"));
            Assert.That(fault is not null, Is.EqualTo(isGroup), fault);
            Assert.That(
                ListenAddress.FaultOf(IPAddress.Parse($"{first}.{rest}"), ListenNetwork.Udp), Is.Null);
        }
    }

    [TestCase("", "it is empty")]
    [TestCase("tcp://local host:80", "blank")]
    [TestCase("tcp://localhost:80\n", "control character")]
    [TestCase("127.0.0.1:9000", "no scheme")]
    [TestCase("localhost", "no scheme")]
    [TestCase("tcp:127.0.0.1:9000", "no scheme")]
    [TestCase("://127.0.0.1:9000", "scheme in front of :// is empty")]
    [TestCase("tcp://", "no port")]
    [TestCase("tcp://localhost", "no port")]
    [TestCase("tcp://localhost:", "no port")]
    [TestCase("tcp://[::1]", "no port")]
    [TestCase("tcp://[::1]:", "no port")]
    [TestCase("tcp://:", "no port")]
    [TestCase("tcp://localhost:http", "the port \"http\" is not a number")]
    [TestCase("tcp://localhost:-1", "the port \"-1\" is not a number")]
    [TestCase("tcp://localhost:+1", "the port \"+1\" is not a number")]
    [TestCase("tcp://localhost:٣", "the port \"٣\" is not a number")]
    [TestCase("tcp://::1", "written in brackets")]
    [TestCase("tcp://::1:9000", "written in brackets")]
    [TestCase("tcp6://2001:db8::1:9000", "written in brackets")]
    [TestCase("tcp://[::1:9000", "the bracket [ is not closed")]
    [TestCase("tcp://[::1]9000", "after the bracket comes :port, not \"9000\"")]
    [TestCase("tcp://[]:9000", "\"\" in the brackets is not an IPv6 address")]
    [TestCase("tcp://[127.0.0.1]:9000", "\"127.0.0.1\" in the brackets is not an IPv6 address")]
    [TestCase("tcp://[localhost]:9000", "\"localhost\" in the brackets is not an IPv6 address")]
    [TestCase("tcp://[:::1]:9000", "\":::1\" in the brackets is not an IPv6 address")]
    [TestCase("tcp://[[::1]]:9000", "in the brackets is not an IPv6 address")]
    [TestCase("tcp://[fe80::1]:9000", "needs its interface")]
    [TestCase("tcp://[fe80::1%nosuch0]:9000", "no network interface \"nosuch0\"")]
    [TestCase("tcp://[fe80::1%]:9000", "no network interface \"\"")]
    [TestCase("tcp://[fe80::1%0]:9000", "the interface index %0 is out of range")]
    [TestCase("tcp://[fe80::1%4294967296]:9000", "the interface index %4294967296 is out of range")]
    [TestCase("tcp6://127.0.0.1:9000", "127.0.0.1 is an IPv4 address, and tcp6:// takes IPv6")]
    [TestCase("tcp6://[::ffff:127.0.0.1]:9000", "is an IPv4 address, and tcp6:// takes IPv6")]
    [TestCase("tcp4://[::1]:9000", "::1 is an IPv6 address, and tcp4:// takes IPv4")]
    [TestCase("tcp://256.0.0.1:9000", "\"256.0.0.1\" is not an IPv4 address")]
    [TestCase("tcp://127.1:9000", "\"127.1\" is not an IPv4 address")]
    [TestCase("tcp://127.0.0.01:9000", "\"127.0.0.01\" is not an IPv4 address")]
    [TestCase("tcp://1.2.3.4.5:9000", "\"1.2.3.4.5\" is not an IPv4 address")]
    [TestCase("tcp://2130706433:9000", "\"2130706433\" is not an IPv4 address")]
    [TestCase("tcp://.:9000", "\".\" is not a host name")]
    [TestCase("tcp://a..b:9000", "\"a..b\" is not a host name")]
    [TestCase("tcp://-a:9000", "\"-a\" is not a host name")]
    [TestCase("tcp://a%20b:9000", "\"a%20b\" is not a host name")]
    [TestCase("tcp://**:9000", "\"**\" is not a host name")]
    [TestCase("tcp://münchen.example:9000", "write its xn-- form")]
    [TestCase("tcp://localhost:9000/", "drop \"/\"")]
    [TestCase("tcp://localhost:9000/path", "drop \"/path\"")]
    [TestCase("tcp://localhost:9000?backlog=5", "drop \"?backlog=5\"")]
    [TestCase("tcp://localhost:9000#top", "drop \"#top\"")]
    [TestCase("tcp:///run/gain.sock", "drop \"/run/gain.sock\"")]
    [TestCase("tcp://user@localhost:9000", "no user name")]
    [TestCase("tcp://224.0.0.1:9000", "multicast")]
    [TestCase("tcp://[ff02::1]:9000", "multicast")]
    [TestCase("tcp://255.255.255.255:9000", "broadcast")]
    public void Refuses_a_bad_address_and_says_what_is_wrong_and_what_is_right(string address, string fault)
    {
        Refuses(address, GainError.AddressInvalid, fault);
    }

    [TestCase("65536")]
    [TestCase("99999999999999999999")]
    public void Refuses_a_port_out_of_range_and_names_it(string port)
    {
        Refuses($"tcp://localhost:{port}", GainError.AddressInvalid, $"the port {port} is out of range");
    }

    [TestCase("sctp://127.0.0.1:53", "\"sctp\" is unknown; supported are tcp, tcp4, tcp6, udp, udp4, udp6")]
    [TestCase("http://127.0.0.1:80", "the scheme \"http\" is unknown; supported are tcp, tcp4, tcp6, udp")]
    public void Refuses_a_scheme_that_it_does_not_serve_and_says_which_it_does(string address, string fault)
    {
        Refuses(address, GainError.AddressUnsupported, fault);
    }

    [Test]
    public void Refuses_a_label_of_64_characters_and_takes_one_of_63()
    {
        string label = new('a', 63);

        Assert.That(ListenAddress.Parse($"tcp://{label}:1").ToString(), Is.EqualTo($"tcp://{label}:1"));
        Refuses($"tcp://{label}a:1", GainError.AddressInvalid, "is not a host name");
    }

    [Test]
    public void Refuses_null()
    {
        Assert.That(() => ListenAddress.Parse(null!), Throws.ArgumentNullException);
    }

    [TestCase("127.0.0.1:80", "tcp://127.0.0.1:80")]
    [TestCase("0.0.0.0:80", "tcp://0.0.0.0:80")]
    [TestCase("[::]:0", "tcp://[::]:0")]
    [TestCase("[::ffff:10.0.0.1]:80", "tcp://10.0.0.1:80")]
    public void Takes_an_end_point(string endPoint, string canonical)
    {
        Assert.That(ListenAddress.From(IPEndPoint.Parse(endPoint)).ToString(), Is.EqualTo(canonical));
    }

    [Test]
    public void Refuses_an_end_point_that_nobody_can_listen_on()
    {
        Assert.That(
            () => ListenAddress.From(IPEndPoint.Parse("[fe80::1]:80")),
            Throws.TypeOf<GainException>()
                .With.Property(nameof(GainException.ErrorCode)).EqualTo(GainError.AddressInvalid)
                .And.Message.Contains("[fe80::1]:80"));
    }

    private static void Refuses(string address, GainError code, string fault)
    {
        var error = Assert.Throws<GainException>(() => ListenAddress.Parse(address));

        Assert.That(error.ErrorCode, Is.EqualTo(code));
        Assert.That(error.Errno, Is.Zero);
        Assert.That(error.Message, Does.StartWith($"Cannot listen on \"{address}\": "));
        Assert.That(error.Message, Does.Contain(fault));
        Assert.That(error.Message, Does.Contain("tcp4://host:port and tcp6://host:port"));
    }
}
