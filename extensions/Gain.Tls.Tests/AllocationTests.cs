namespace Gain.Tls.Tests;

/// <summary>What managed memory a session costs.</summary>
public class AllocationTests
{
    private const int Rounds = 5;

    [Test]
    public void Records_allocate_nothing([Versions] TlsVersion version)
    {
        using Pair pair = new Pair(RecordTests.Only(Pair.ServerOptions(), version)).Connect();
        byte[] data = RecordTests.Noise(20_000);
        var plain = new byte[16384];
        Assert.That(LeastOf(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Carry(pair.Client, pair.Server, data, plain);
                Carry(pair.Server, pair.Client, data, plain);
            }
        }), Is.Zero);
    }

    [Test]
    public void Handshakes_with_names_protocols_and_tickets_allocate_nothing([Versions] TlsVersion version)
    {
        TlsServerOptions options = RecordTests.Only(Pair.ServerOptions(), version);
        options.ServerNames["*.example"] = options.Certificate!;
        options.ApplicationProtocols.Add("h2");
        TlsClientOptions clientOptions = Pair.ClientOptions();
        clientOptions.ApplicationProtocols.Add("h2");
        using TlsContext context = TlsContext.ForServer(options);
        using TlsContext clientContext = TlsContext.ForClient(clientOptions);
        using var window = new TlsWindow();
        var session = new TlsSession();
        var wire = new Wire();
        var plain = new byte[16384];
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            // Only the server is measured: the client's name is a string of each connection.
            using var client = new Peer(clientContext, Pair.Host);
            client.Receive();
            long spent = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            session.Start(context, window);
            spent += GC.GetAllocatedBytesForCurrentThread() - before;
            while (client.Sent.Count != 0)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
                Take(session, client.Sent, wire, plain);
                spent += GC.GetAllocatedBytesForCurrentThread() - before;
                client.Receive(wire.TakeAll());
            }

            Assert.That(session.IsHandshaken, Is.True);
            before = GC.GetAllocatedBytesForCurrentThread();
            session.End();
            spent += GC.GetAllocatedBytesForCurrentThread() - before;
            least = Math.Min(least, spent);
        }

        Assert.That(least, Is.Zero);
    }

    private static void Carry(Peer from, Peer to, byte[] data, byte[] plain)
    {
        from.Send(data);
        Take(to.Session, from.Sent, to.Sent, plain);
    }

    private static void Take(TlsSession session, Wire from, Wire to, byte[] plain)
    {
        var output = new WireOutput(to);
        ReadOnlySpan<byte> bytes = from.Bytes;
        int count = bytes.Length;
        while (session.Receive(ref bytes, plain, ref output, out _) is TlsStatus.Data or TlsStatus.Handshaken)
        {
        }

        from.Take(count);
    }

    private static long LeastOf(Action work)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
