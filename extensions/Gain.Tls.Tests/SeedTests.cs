namespace Gain.Tls.Tests;

/// <summary>Two ends under seeds: any split, any order, an end at any place. A failure names its
/// seed.</summary>
public class SeedTests
{
    private const int Seeds = 300;

    [Test]
    public void Whatever_the_split_and_the_order_all_bytes_arrive_once([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            using var pair = new Pair(server, client);
            pair.Server.Sent.MaxRoom = random.Next(2) == 0 ? 16384 : random.Next(0, 2000);
            pair.Pump(random, random.Next(1, 3000));
            var toServer = new MemoryStream();
            var toClient = new MemoryStream();
            for (int step = random.Next(1, 8); step > 0; step--)
            {
                Say(pair.Client, toServer, random);
                Say(pair.Server, toClient, random);
                if (random.Next(3) == 0)
                {
                    pair.Client.UpdateKeys();
                    pair.Pump(random, random.Next(1, 20_000));
                }
            }

            pair.Client.Close();
            pair.Server.Close();
            pair.Pump(random, random.Next(1, 20_000));
            Assert.That(pair.Server.Received.ToArray(), Is.EqualTo(toServer.ToArray()),
                $"seed {seed}: {pair.Faults()}");
            Assert.That(pair.Client.Received.ToArray(), Is.EqualTo(toClient.ToArray()),
                $"seed {seed}: {pair.Faults()}");
            Assert.That(pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Closed), $"seed {seed}");
            Assert.That(pair.Client.Session.EndOfInput(), Is.EqualTo(TlsStatus.Closed), $"seed {seed}");
        }
    }

    [Test]
    public void Wherever_the_input_ends_it_is_a_truncation_and_what_came_was_whole(
        [Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        using var window = new TlsWindow();
        byte[] data = RecordTests.Noise(3000);
        for (int cut = 0; ; cut += cut < 40 ? 1 : 37)
        {
            using var one = new Peer(server, window: window);
            using var other = new Peer(client, Pair.Host, window: window);
            int left = cut;
            bool isWhole = Converse(other, one, data, ref left);
            Assert.That(
                one.Session.EndOfInput(), Is.EqualTo(isWhole ? TlsStatus.Closed : TlsStatus.Failed),
                    $"cut at {cut}");
            Assert.That(data.AsSpan().StartsWith(one.Received.ToArray()), Is.True, $"cut at {cut}");
            if (isWhole)
            {
                Assert.That(one.Received.Length, Is.EqualTo(data.Length));
                return;
            }

            Assert.That(one.Session.Failure.Kind, Is.EqualTo(TlsFailureKind.Truncated), $"cut at {cut}");
        }
    }

    [Test]
    public void Whatever_byte_is_changed_the_plaintext_is_never_wrong([Versions] TlsVersion version)
    {
        using TlsContext server = TlsContext.ForServer(RecordTests.Only(Pair.ServerOptions(), version));
        using TlsContext client = TlsContext.ForClient(Pair.ClientOptions());
        byte[] data = RecordTests.Noise(500);
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            using Pair pair = new Pair(server, client).Connect();
            pair.Client.Send(data.AsSpan(0, 250));
            pair.Client.Send(data.AsSpan(250));
            byte[] sent = pair.Client.Sent.TakeAll();
            sent[random.Next(sent.Length)] ^= (byte)random.Next(1, 256);
            pair.Server.Receive(sent);
            Assert.That(
                pair.Server.Session.EndOfInput(), Is.EqualTo(TlsStatus.Failed),
                    $"seed {seed}: nothing was noticed");
            Assert.That(pair.Server.Received.Length, Is.AnyOf(0, 250), $"seed {seed}");
            Assert.That(data.AsSpan().StartsWith(pair.Server.Received.ToArray()), Is.True, $"seed {seed}");
        }
    }

    // The client's bytes reach the server until there are `left` no more; true when its close_notify did.
    private static bool Converse(Peer client, Peer server, byte[] data, ref int left)
    {
        client.Receive();
        bool isSaid = false;
        while (true)
        {
            if (client.Session.IsHandshaken && !isSaid)
            {
                client.Send(data);
                client.Close();
                isSaid = true;
            }

            byte[] bytes = client.Sent.TakeAll();
            int passed = Math.Min(left, bytes.Length);
            left -= passed;
            server.Receive(bytes.AsSpan(0, passed));
            if (passed < bytes.Length)
            {
                return false;
            }

            if (isSaid)
            {
                return true;
            }

            client.Receive(server.Sent.TakeAll());
        }
    }

    private static void Say(Peer peer, MemoryStream said, Random random)
    {
        var bytes = new byte[random.Next(1, random.Next(2) == 0 ? 20 : 40_000)];
        random.NextBytes(bytes);
        said.Write(bytes);
        peer.Send(bytes);
    }
}
