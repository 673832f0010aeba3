using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Gain.CompilerServices;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>A test of whole servers over TLS, over one ring and one architecture.</summary>
[NonParallelizable]
public abstract class TlsServerTestBase(GainRing ring, GainArchitecture architecture)
{
    private readonly List<GainServer> _servers = [];

    private protected GainRing Ring => ring;

    private protected Journal Journal { get; private set; } = new();

    private protected RecordingLogger Logger { get; private set; } = new();

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [SetUp]
    public void Begin()
    {
        Journal = new Journal();
        Logger = new RecordingLogger { Least = Microsoft.Extensions.Logging.LogLevel.Information };
        _servers.Clear();
    }

    [TearDown]
    public async Task StopServers()
    {
        foreach (GainServer server in _servers)
        {
            await server.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Clients.Patience);
            GainStatistics statistics = server.Statistics;
            Assert.That(statistics.EngineFaults, Is.Zero, string.Join("\n", Logger.Messages.Entries));
            Assert.That(statistics.Closed, Is.EqualTo(statistics.Accepted + statistics.Connected));
            Assert.That(statistics.HeldOutboundBytes, Is.Zero, "bytes held past the stop");
        }
    }

    private protected static TlsServerOptions Options() => new()
    {
        Certificate = Certificates.For(Pair.Host),
        ApplicationProtocols = { "gain" },
    };

    private protected GainServer Start<TProtocol>(
        TProtocol prototype, TlsServerOptions? tls = null, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol> => Start(
            GainServer.Listen(prototype, "tls://127.0.0.1:0").UseTls(tls ?? Options()), options: options);

    private protected GainServer Start<TProtocol>(
        GainServerBuilder<TProtocol> builder, int? workers = null, GainOptions? options = null)
        where TProtocol : struct, IProtocol<TProtocol>
    {
        options ??= new GainOptions();
        options.Ring = ring;
        options.Architecture = architecture;
        options.WorkerCount = workers ?? (architecture == GainArchitecture.Reactor ? 2 : 1);
        options.Logger = Logger;
        GainServer server = builder.Start(options);
        _servers.Add(server);
        return server;
    }

    private protected static async Task<SslStream> ConnectAsync(
        GainServer server, SslProtocols version = SslProtocols.Tls13, X509Certificate2? certificate = null,
        bool resumes = true)
    {
        Socket socket = await Clients.ConnectAsync(server);
        socket.NoDelay = true;
        return await SecureAsync(new NetworkStream(socket, ownsSocket: true), version, certificate, resumes);
    }

    /// <summary>The client's end of TLS over a stream.</summary>
    private protected static async Task<SslStream> SecureAsync(
        Stream plain, SslProtocols version = SslProtocols.Tls13, X509Certificate2? certificate = null,
        bool resumes = true)
    {
        var stream = new SslStream(plain);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Pair.Host,
            AllowTlsResume = resumes,
            EnabledSslProtocols = version,
            ApplicationProtocols = [new SslApplicationProtocol("gain")],
            ClientCertificates = certificate is null ? null : [certificate],
            CertificateChainPolicy = Trusting(),
        }).WaitAsync(Clients.Patience);
        return stream;
    }

    private protected static async Task<byte[]> ReadAsync(Stream stream, int count)
    {
        var data = new byte[count];
        await stream.ReadExactlyAsync(data).AsTask().WaitAsync(Clients.Patience);
        return data;
    }

    /// <summary>What comes until the end, which must be one in order.</summary>
    private protected static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all).WaitAsync(Clients.Patience);
        return all.ToArray();
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
