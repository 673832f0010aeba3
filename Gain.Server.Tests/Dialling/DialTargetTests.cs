using System.Net;

namespace Gain.Tests.Server.Dialling;

/// <summary>What can be dialled, and what is said of the rest.</summary>
[Parallelizable(ParallelScope.All)]
public class DialTargetTests
{
    [TestCase("tcp://10.0.0.7:443", "tcp://10.0.0.7:443")]
    [TestCase("tcp4://10.0.0.7:443", "tcp://10.0.0.7:443")]
    [TestCase("TCP6://[2001:db8::1]:443", "tcp://[2001:db8::1]:443")]
    [TestCase("tcp://DB.example:5432", "tcp://db.example:5432")]
    [TestCase("tcp4://db.example:5432", "tcp4://db.example:5432")]
    [TestCase("tcp6://db.example:5432", "tcp6://db.example:5432")]
    [TestCase("tls://1.2.3.4:443", "tls://1.2.3.4:443")]
    [TestCase("tls6://[fe80::1%1]:443", "tls://[fe80::1%1]:443")]
    [TestCase("TLS://DB.example:5432", "tls://db.example:5432")]
    [TestCase("tls6://db.example:5432", "tls6://db.example:5432")]
    [TestCase("udp://10.0.0.7:53", "udp://10.0.0.7:53")]
    [TestCase("UDP6://[2001:db8::1]:53", "udp://[2001:db8::1]:53")]
    [TestCase("udp://DNS.example:53", "udp://dns.example:53")]
    [TestCase("udp4://dns.example:53", "udp4://dns.example:53")]
    [TestCase("unix:///run/a.sock", "unix:///run/a.sock")]
    [TestCase("unix://@a", "unix://@a")]
    public void Target_is_read(string address, string text) =>
        Assert.That($"{DialTarget.Parse(address)}", Is.EqualTo(text));

    /// <summary>A pool finds what was dialled to a target that was parsed before.</summary>
    [TestCase("tcp://10.0.0.7:443", "tcp4://10.0.0.7:443", true)]
    [TestCase("tcp://10.0.0.7:443", "tcp://10.0.0.7:444", false)]
    [TestCase("tcp://10.0.0.7:443", "tls://10.0.0.7:443", false)]
    [TestCase("tcp://DB.example:5432", "tcp://db.example:5432", true)]
    [TestCase("tcp://db.example:5432", "tcp6://db.example:5432", false)]
    [TestCase("tcp://db.example:5432", "tcp://db.example:5433", false)]
    [TestCase("unix:///run/a.sock", "unix:///run/a.sock", true)]
    [TestCase("unix:///run/a.sock", "unix:///run/b.sock", false)]
    [TestCase("unix://@/run/a.sock", "unix:///run/a.sock", false)]
    public void Targets_match_by_what_they_name(string one, string other, bool isSame)
    {
        var first = DialTarget.Parse(one).End;
        var second = DialTarget.Parse(other).End;
        Assert.That(first.Matches(in second), Is.EqualTo(isSame));
        Assert.That(!isSame || first.GetHash() == second.GetHash());
    }

    [TestCase("tls://1.2.3.4:0", "port 0 is nobody's")]
    [TestCase("tls://*:443", "it names no host")]
    [TestCase("udp://1.2.3.4:0", "port 0 is nobody's")]
    [TestCase("udp://*:53", "it names no host")]
    [TestCase("udp4://[::1]:53", "::1 is an IPv6 address")]
    [TestCase("unixgram:///run/a.sock", "datagrams of Unix sockets are not dialled")]
    [TestCase("systemd:web", "the scheme \"systemd\" cannot be dialled")]
    [TestCase("http://a.example:80", "the scheme \"http\" cannot be dialled")]
    [TestCase("tcp://1.2.3.4", "it has no port; write :9000 after the host.")]
    [TestCase("1.2.3.4:80", "it has no scheme")]
    [TestCase("tcp://1.2.3.4:0", "port 0 is nobody's")]
    [TestCase("tcp://db.example:0", "port 0 is nobody's")]
    [TestCase("tcp://db..example:80", "\"db..example\" is not a host name")]
    [TestCase("tcp://*:80", "it names no host")]
    [TestCase("tcp4://[::1]:80", "::1 is an IPv6 address")]
    [TestCase("tcp://1.2.3.4:80/x", "an address has no path")]
    [TestCase("unix://a.sock", "the path \"a.sock\" is not absolute")]
    public void Target_that_cannot_be_dialled_is_refused_with_what_can(string address, string fault) =>
        Assert.That(
            () => DialTarget.Parse(address),
            Throws.TypeOf<GainException>()
                .With.Message.StartsWith($"Cannot dial \"{address}\": {fault}")
                .And.Message.Contains("Accepted are tcp://host:port")
                .And.Message.Contains("unix:///path"));

    [Test]
    public void No_end_point_is_refused_as_an_argument() => Assert.That(
        () => DialTarget.FromIPEndPoint(null!),
        Throws.ArgumentNullException.With.Property("ParamName").EqualTo("endPoint"));

    [Test]
    public void End_point_without_a_port_is_refused() => Assert.That(
        () => DialTarget.FromIPEndPoint(new IPEndPoint(IPAddress.Loopback, 0)),
        Throws.TypeOf<GainException>()
            .With.Message.StartsWith("Cannot dial \"127.0.0.1:0\": port 0 is nobody's"));
}
