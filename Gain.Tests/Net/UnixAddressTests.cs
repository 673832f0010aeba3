using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

public sealed class UnixAddressTests
{
    [TestCase("unix:///run/gain.sock", "/run/gain.sock", false, false)]
    [TestCase("UNIX:///run/gain.sock", "/run/gain.sock", false, false)]
    [TestCase("unix:///run/my server/a%20b?c#d", "/run/my server/a%20b?c#d", false, false)]
    [TestCase("unix:///run/größe.sock", "/run/größe.sock", false, false)]
    [TestCase("unix://@gain", "gain", true, false)]
    [TestCase("unix://@/with/slashes@", "/with/slashes@", true, false)]
    [TestCase("unixgram:///run/gain.log", "/run/gain.log", false, true)]
    [TestCase("unixgram://@gain", "gain", true, true)]
    public void Reads_paths_and_abstract_names(string text, string name, bool isAbstract, bool isDatagram)
    {
        var address = (UnixAddress)ServerAddress.Parse(text);

        Assert.That(address.Name, Is.EqualTo(name));
        Assert.That(address.IsAbstract, Is.EqualTo(isAbstract));
        Assert.That(address.IsDatagram, Is.EqualTo(isDatagram));
        Assert.That($"{address}", Is.EqualTo(text.Replace("UNIX", "unix")));
        Assert.That($"{ServerAddress.Parse($"{address}")}", Is.EqualTo($"{address}"));
    }

    [TestCase("unix:", "unix:///absolute/path")]
    [TestCase("unix:/run/gain.sock", "unix:///run/gain.sock")]
    [TestCase("unix:@gain", "unix://@gain")]
    [TestCase("unix:gain.sock", "unix:///absolute/path")]
    [TestCase("unix://", "names no path")]
    [TestCase("unix://gain.sock", "\"gain.sock\" is not absolute")]
    [TestCase("unix://run/gain.sock", "unix:///…/run/gain.sock")]
    [TestCase("unix:///", "\"/\" names a directory")]
    [TestCase("unix:///run/", "\"/run/\" names a directory")]
    [TestCase("unix:///run/..", "\"/run/..\" names a directory")]
    [TestCase("unix://@", "the abstract name behind the @ is empty")]
    [TestCase("unix:///run/gain\n.sock", "control character")]
    [TestCase("unix:///run/gain\0.sock", "control character")]
    [TestCase("unixgram:/run/gain.log", "unixgram:///run/gain.log")]
    public void Refuses_others_and_says_what_to_write(string text, string fault)
    {
        var refused = Assert.Throws<GainException>(() => ServerAddress.Parse(text));

        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInvalid));
        Assert.That(refused.Message, Does.Contain(fault).And.Contain("Accepted are unix:///path"));
    }

    [Test]
    public void Refuses_half_of_a_surrogate_pair()
    {
        // Not as a test case's argument: those are stored as UTF-8, which has none.
        var refused = Assert.Throws<GainException>(() => ServerAddress.Parse("unix:///run/\ud800.sock"));
        Assert.That(refused.Message, Does.Contain("surrogate"));
    }

    [TestCase("unix:///", "a")]
    [TestCase("unix://@", "a")]
    [TestCase("unix:///", "ü")]
    [TestCase("unix://@", "ü")]
    public void Takes_107_bytes_and_refuses_108_with_length_and_limit(string scheme, string letter)
    {
        int room = UnixAddress.MaxPathBytes - (scheme.EndsWith('@') ? 0 : 1);
        int bytes = System.Text.Encoding.UTF8.GetByteCount(letter);
        string longest = new string('x', room % bytes) + new string(letter[0], room / bytes);

        Assert.That($"{ServerAddress.Parse(scheme + longest)}", Is.EqualTo(scheme + longest));
        var refused = Assert.Throws<GainException>(() => ServerAddress.Parse($"{scheme}{longest}b"));
        Assert.That(refused.Message, Does.Contain("108 bytes").And.Contain("at most 107"));
    }

    [TestCase("unix:///run/größe.sock")]
    [TestCase("unix://@gain")]
    public void Kernel_sees_the_name_as_it_is_read_back(string text)
    {
        var address = (UnixAddress)ServerAddress.Parse(text);

        uint length = address.ToSockAddr(out sockaddr_storage storage);

        Assert.That(UnixAddress.ReadName(ref storage, length), Is.EqualTo(text["unix://".Length..]));
        Assert.That(UnixAddress.ReadName(ref storage, sizeof(ushort)), Is.Null, "without a name");
    }

    [Test]
    public void Peer_of_a_Unix_socket_is_one_without_an_address()
    {
        var address = (UnixAddress)ServerAddress.Parse("unix://@gain");
        uint length = address.ToSockAddr(out sockaddr_storage storage);

        Assert.That(EndPointConversion.TryReadAddress(ref storage, length, out GainAddress peer));
        Assert.That(peer.Kind, Is.EqualTo(GainAddressKind.Unix));
        Assert.That(EndPointConversion.FromSockAddr(ref storage, length), Is.Null);
    }
}
