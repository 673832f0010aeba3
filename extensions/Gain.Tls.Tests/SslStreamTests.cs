using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gain.Tls.Tests;

/// <summary>.NET's own TLS as the other end.</summary>
public class SslStreamTests
{
    private static readonly SslApplicationProtocol s_protocol = new("gain");

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public void SslStream_as_a_client_is_served(SslProtocols version)
    {
        TlsServerOptions options = ClientCertificateTests.Asking(TlsClientCertificates.Required);
        options.ApplicationProtocols.Add("gain");
        using TlsContext context = TlsContext.ForServer(options);
        using var server = new Peer(context);
        using X509Certificate2 alice = Certificates.Make("alice");
        using var client = new SslStream(new PeerStream(server));
        client.AuthenticateAsClient(new SslClientAuthenticationOptions
        {
            TargetHost = Pair.Host,
            EnabledSslProtocols = version,
            ApplicationProtocols = [s_protocol],
            ClientCertificates = [alice],
            CertificateChainPolicy = Trusting(),
        });
        Assert.That(client.NegotiatedApplicationProtocol, Is.EqualTo(s_protocol));
        client.Write("ping"u8);
        Assert.That(server.ReceivedText, Is.EqualTo("ping"));
        byte[] data = RecordTests.Noise(100_000);
        server.Send(data);
        var received = new byte[data.Length];
        client.ReadExactly(received);
        Assert.That(received, Is.EqualTo(data));
        using X509Certificate2 shown = server.Session.GetPeerCertificate()!;
        Assert.That(TlsIdentity.CommonName(shown), Is.EqualTo("alice"));
        server.Close();
        Assert.That(client.Read(received), Is.Zero, "a clean end");
        client.ShutdownAsync().GetAwaiter().GetResult();
        Assert.That(server.Status, Is.EqualTo(TlsStatus.Closed));
    }

    [TestCase(SslProtocols.Tls12)]
    [TestCase(SslProtocols.Tls13)]
    public void SslStream_as_a_server_serves_a_client(SslProtocols version)
    {
        TlsClientOptions options = ClientCertificateTests.Showing(Certificates.For("bob"));
        options.ApplicationProtocols.Add("gain");
        using TlsContext context = TlsContext.ForClient(options);
        using var client = new Peer(context, Pair.Host);
        client.Receive();
        using X509Certificate2 certificate = Certificates.Make(Pair.Host);
        using var server = new SslStream(new PeerStream(client));
        server.AuthenticateAsServer(new SslServerAuthenticationOptions
        {
            ServerCertificate = certificate,
            EnabledSslProtocols = version,
            ApplicationProtocols = [s_protocol],
            ClientCertificateRequired = true,
            CertificateChainPolicy = Trusting(),
        });
        client.Send("question");
        var question = new byte[8];
        server.ReadExactly(question);
        Assert.That(Encoding.ASCII.GetString(question), Is.EqualTo("question"));
        Assert.That(server.RemoteCertificate!.Subject, Is.EqualTo("CN=bob"));
        server.Write("answer"u8);
        Assert.That(client.ReceivedText, Is.EqualTo("answer"));
    }

    private static X509ChainPolicy Trusting()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(Certificates.Roots);
        return policy;
    }
}
