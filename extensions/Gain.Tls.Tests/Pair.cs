namespace Gain.Tls.Tests;

/// <summary>A client and a server in memory.</summary>
internal sealed class Pair : IDisposable
{
    internal const string Host = "server.example";

    private readonly TlsContext? _ownClient;
    private readonly TlsContext? _ownServer;

    internal Pair(
        TlsServerOptions? server = null, TlsClientOptions? client = null, string host = Host,
        TlsResumption? resumption = null)
        : this(
            TlsContext.ForServer(server ?? ServerOptions()), TlsContext.ForClient(client ?? ClientOptions()),
                host,
            resumption)
    {
        _ownServer = ServerContext;
        _ownClient = ClientContext;
    }

    internal Pair(
        TlsContext server, TlsContext client, string host = Host, TlsResumption? resumption = null,
        ResumptionTarget target = default)
    {
        ServerContext = server;
        ClientContext = client;
        Server = new Peer(server);
        Client = new Peer(client, host, resumption, target: target);
    }

    internal Peer Client { get; }

    internal Peer Server { get; }

    internal TlsContext ClientContext { get; }

    internal TlsContext ServerContext { get; }

    internal static TlsServerOptions ServerOptions() => new() { Certificate = Certificates.For(Host) };

    internal static TlsClientOptions ClientOptions() => new() { TrustedRoots = Certificates.Roots };

    /// <summary>Carries bytes both ways until there are none; with a generator in pieces and an order of its
    /// own.</summary>
    internal void Pump(Random? random = null, int maxPiece = int.MaxValue)
    {
        Client.Receive();
        while (Client.Sent.Count + Server.Sent.Count != 0)
        {
            bool isToServer = Server.Sent.Count == 0
                || (Client.Sent.Count != 0 && (random is null || random.Next(2) == 0));
            Carry(isToServer ? Client : Server, isToServer ? Server : Client, random, maxPiece);
        }
    }

    internal Pair Connect()
    {
        Pump();
        Assert.That(Client.Session.IsHandshaken && Server.Session.IsHandshaken, Is.True, Faults());
        return this;
    }

    internal string Faults() =>
        $"client: {Client.Session.Failure.Describe()}; server: {Server.Session.Failure.Describe()}";

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        _ownClient?.Dispose();
        _ownServer?.Dispose();
    }

    private static void Carry(Peer from, Peer to, Random? random, int maxPiece)
    {
        int count = Math.Min(from.Sent.Count, maxPiece);
        if (random is not null)
        {
            count = random.Next(1, count + 1);
        }

        byte[] piece = from.Sent.Bytes[..count].ToArray();
        from.Sent.Take(count);
        to.Receive(piece);
    }
}
