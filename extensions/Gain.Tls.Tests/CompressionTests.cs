using System.Buffers.Binary;

namespace Gain.Tls.Tests;

/// <summary>Compression of what is sent leaks secrets (CRIME): it is never on, whatever a client
/// offers.</summary>
public class CompressionTests
{
    private const int RecordHeaderBytes = 5;
    private const int MessageHeaderBytes = 4;
    private const int VersionAndRandomBytes = 34;
    private const byte Deflate = 1;

    [Test]
    public void Client_that_offers_compression_is_answered_without()
    {
        using var pair = new Pair(Pair.ServerOptions(), OldClient());
        byte[] hello = Hello(pair);
        int methods = MethodsOf(hello);
        byte[] offering = [.. hello[..methods], 2, Deflate, 0, .. hello[(methods + 2)..]];
        BinaryPrimitives.WriteUInt16BigEndian(
            offering.AsSpan(3), (ushort)(offering.Length - RecordHeaderBytes));
        BinaryPrimitives.WriteUInt16BigEndian(
            offering.AsSpan(RecordHeaderBytes + 2),
            (ushort)(offering.Length - RecordHeaderBytes - MessageHeaderBytes));
        pair.Server.Receive(offering);

        byte[] answer = pair.Server.Sent.TakeAll();
        Assert.That(answer[0], Is.EqualTo(22), "no handshake goes on: " + pair.Faults());
        int session = RecordHeaderBytes + MessageHeaderBytes + VersionAndRandomBytes;
        int cipherSuite = session + 1 + answer[session];
        Assert.That(answer[cipherSuite + 2], Is.Zero, "the server has chosen a compression");
    }

    [Test]
    public void Client_that_wants_nothing_but_compression_is_refused()
    {
        using var pair = new Pair(Pair.ServerOptions(), OldClient());
        byte[] hello = Hello(pair);
        hello[MethodsOf(hello) + 1] = Deflate;
        pair.Server.Receive(hello);
        Assert.That(pair.Server.Status, Is.EqualTo(TlsStatus.Failed));
        Assert.That(pair.Server.Sent.TakeAll()[0], Is.EqualTo(21), "it is sent no alert");
    }

    // TLS 1.3 has none, and looks at no more than whether there is one.
    private static TlsClientOptions OldClient()
    {
        TlsClientOptions options = Pair.ClientOptions();
        options.MaximumVersion = TlsVersion.Tls12;
        return options;
    }

    private static byte[] Hello(Pair pair)
    {
        pair.Client.Receive();
        return pair.Client.Sent.TakeAll();
    }

    // Where the count of the compression methods is: behind the session's id and the cipher suites.
    private static int MethodsOf(byte[] hello)
    {
        int session = RecordHeaderBytes + MessageHeaderBytes + VersionAndRandomBytes;
        int suites = session + 1 + hello[session];
        int methods = suites + 2 + BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(suites));
        Assert.That((hello[methods], hello[methods + 1]), Is.EqualTo(((byte)1, (byte)0)));
        return methods;
    }
}
