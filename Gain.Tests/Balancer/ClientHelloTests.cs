using System.Text;
using Gain.Proxy.Relaying;

namespace Gain.Tests.Balancer;

/// <summary>What examples/Proxy reads out of a TLS client's first message.</summary>
[Parallelizable]
public sealed class ClientHelloTests
{
    private const string Name = "www.example.org";

    private static (HelloStatus Status, string Name) Read(ReadOnlySpan<byte> data)
    {
        Span<byte> name = stackalloc byte[ClientHello.MaxNameBytes];
        HelloStatus status = ClientHello.TryFindName(data, name, out int length);
        return (status, Encoding.ASCII.GetString(name[..length]));
    }

    [TestCase(16_384)]
    [TestCase(50)]
    [TestCase(3)]
    [TestCase(1)]
    public void The_name_is_found_however_records_cut_the_message(int recordBytes) =>
        Assert.That(Read(ClientHellos.Asking(Name, recordBytes)), Is.EqualTo((HelloStatus.Found, Name)));

    [TestCase(16_384)]
    [TestCase(7)]
    public void Every_part_of_a_message_needs_more(int recordBytes)
    {
        byte[] hello = ClientHellos.Asking(Name, recordBytes);
        for (int i = 0; i < hello.Length; i++)
        {
            Assert.That(Read(hello.AsSpan(0, i)).Status, Is.EqualTo(HelloStatus.NeedsMore), $"{i} bytes");
        }
    }

    [Test]
    public void What_follows_the_message_does_not_matter() => Assert.That(
        Read([.. ClientHellos.Asking(Name), 23, 3, 3, 0, 1, 0]), Is.EqualTo((HelloStatus.Found, Name)));

    [Test]
    public void A_message_without_a_name_is_nameless() =>
        Assert.That(Read(ClientHellos.Asking(null)).Status, Is.EqualTo(HelloStatus.Nameless));

    [Test]
    public void A_message_of_old_without_extensions_is_nameless()
    {
        byte[] body = [3, 1, .. new byte[32], 0, 0, 2, 0, 47, 1, 0];
        byte[] message = [1, 0, 0, (byte)body.Length, .. body];
        Assert.That(Read(ClientHellos.Records(message, 16_384)).Status, Is.EqualTo(HelloStatus.Nameless));
    }

    [TestCase("GET / HTTP/1.1\r\n\r\n")]
    [TestCase("S")]
    [TestCase("\u0016\u0002\u0001\0\u0001\u0001")]
    [TestCase("\u0016\u0003\u0001\0\0")]
    [TestCase("\u0016\u0003\u0001\0\u0001\u0002")]
    public void Other_bytes_are_no_TLS(string text) =>
        Assert.That(Read(Encoding.Latin1.GetBytes(text)).Status, Is.EqualTo(HelloStatus.NotTls));

    [Test]
    public void A_message_that_is_longer_than_one_may_be_is_none() =>
        Assert.That(Read([22, 3, 1, 64, 0, 1, 0, 64, 1]).Status, Is.EqualTo(HelloStatus.NotTls));

    [Test]
    public void The_longest_name_is_found_and_a_longer_one_is_none()
    {
        string longest = new('a', ClientHello.MaxNameBytes);
        Assert.That(Read(ClientHellos.Asking(longest)), Is.EqualTo((HelloStatus.Found, longest)));
        Assert.That(Read(ClientHellos.Asking(longest + "a")).Status, Is.EqualTo(HelloStatus.NotTls));
    }

    // Each byte of a message in turn says something else: no length leads out of it.
    [Test]
    public void Wrong_bytes_anywhere_are_survived()
    {
        byte[] hello = ClientHellos.Asking(Name);
        int found = 0;
        for (int at = 0; at < hello.Length; at++)
        {
            for (int value = 0; value < 256; value++)
            {
                byte[] wrong = [.. hello];
                wrong[at] = (byte)value;
                found += Read(wrong).Status == HelloStatus.Found ? 1 : 0;
            }
        }

        Assert.That(found, Is.GreaterThan(hello.Length), "the unchanged one is among them");
    }
}
