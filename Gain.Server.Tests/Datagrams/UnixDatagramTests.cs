using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Datagrams over Unix sockets.</summary>
public class UnixDatagramTests(GainRing ring) : DatagramServerTest(ring)
{
    private TempSockets _sockets = null!;

    private protected override string Address => $"unixgram://{_sockets.Path()}";

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [TestCase(1)]
    [TestCase(4)]
    public async Task Peers_with_a_path_are_answered(int workers)
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = workers });
        for (int i = 0; i < 4; i++)
        {
            using Socket client = Bound($"{_sockets.Path()}.{i}");
            client.Connect(new UnixDomainSocketEndPoint(_sockets.Path()));
            foreach (int length in new[] { 0, 1, 100, 65_536 })
            {
                byte[] sent = Clients.Pattern(length, i);
                Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
            }
        }

        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(16));
        Assert.That(_sockets.Names(), Does.Not.Contain(Path.GetFileName(_sockets.Path())));
    }

    [Test]
    public async Task Peers_with_an_abstract_name_are_answered()
    {
        string name = $"\0gain-test-{Guid.NewGuid():N}";
        await using GainServer server = GainServer.Start(
            new PathTeller(), $"unixgram://@{name[1..]}", new GainOptions { Ring = Ring });
        using Socket client = Bound($"{name}.client");
        client.Connect(new UnixDomainSocketEndPoint(name));
        Assert.That(await AskAsync(client, [1]), Is.Empty);
        string told = Encoding.UTF8.GetString(await ReceiveAsync(client));
        Assert.That(told, Is.EqualTo($"{name}.client None unix unix"));
        Assert.That(server.Addresses, Is.EqualTo([$"unixgram://@{name[1..]}"]));
    }

    [Test]
    public async Task A_peers_path_is_told()
    {
        Start(new PathTeller(), new GainOptions { WorkerCount = 1 });
        using Socket client = Bound($"{_sockets.Path()}.client");
        client.Connect(new UnixDomainSocketEndPoint(_sockets.Path()));
        Assert.That(await AskAsync(client, [1]), Is.Empty);
        string told = Encoding.UTF8.GetString(await ReceiveAsync(client));
        Assert.That(told, Is.EqualTo($"{_sockets.Path()}.client None unix unix"));
    }

    [Test]
    public async Task A_peer_without_a_name_gets_no_answer_and_the_handler_is_told()
    {
        var journal = new Journal();
        GainServer server = Start(new NamelessJournal(journal), new GainOptions { WorkerCount = 1 });
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.Connect(new UnixDomainSocketEndPoint(_sockets.Path()));
        await client.SendAsync(new byte[] { 1 });
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(["NoAddress 0"]));
        await server.StopAsync();
        Assert.That(server.Statistics.DatagramErrors, Is.Zero);
    }

    [Test]
    public async Task A_peer_that_is_gone_or_full_is_counted_and_the_others_are_served()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 1 });
        using (Socket gone = Bound($"{_sockets.Path()}.gone"))
        {
            gone.Connect(new UnixDomainSocketEndPoint(_sockets.Path()));
            byte[] question = [1];
            Assert.That(await AskAsync(gone, question), Is.EqualTo(question));

            // Nobody reads the answers: the queue of a Unix socket has few places.
            for (int i = 0; i < 2_000; i++)
            {
                await gone.SendAsync(question);
            }

            await UntilAsync(() => server.Statistics.DatagramsIn == 2_001);
            await UntilAsync(() =>
                server.Statistics.DatagramsOut + server.Statistics.DroppedDatagrams == 2_001);
            Assert.That(server.Statistics.DroppedDatagrams, Is.Positive);
        }

        string path = $"{_sockets.Path()}.gone";
        Assert.That(
            server.GetDatagramHandle().TrySendTo(new UnixPath(Encoding.UTF8.GetBytes(path)), [1], out _));
        await UntilAsync(() => server.Statistics.DatagramErrors == 1);
        using Socket client = Bound($"{_sockets.Path()}.client");
        client.Connect(new UnixDomainSocketEndPoint(_sockets.Path()));
        Assert.That(await AskAsync(client, [7]), Is.EqualTo(new byte[] { 7 }));
    }

    [Test]
    public async Task A_name_may_be_written_to_from_any_thread()
    {
        GainServer server = Start(new DatagramEcho(), new GainOptions { WorkerCount = 2 });
        using Socket client = Bound($"{_sockets.Path()}.client");
        DatagramHandle handle = server.GetDatagramHandle(worker: 1);
        byte[] path = Encoding.UTF8.GetBytes($"{_sockets.Path()}.client");
        Assert.That(handle.TrySendTo(new UnixPath(path), "hello"u8, out _));
        Assert.That(await ReceiveAsync(client), Is.EqualTo("hello"u8.ToArray()));

        Assert.That(handle.TrySendTo(default(UnixPath), "x"u8, out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.NoAddress));
        Assert.That(handle.TrySendTo(new UnixPath(new byte[109]), "x"u8, out failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.NoAddress));
    }

    [Test]
    public void A_protocol_of_connections_is_refused()
    {
        GainException refused = Assert.Throws<GainException>(() => Start(new EchoProtocol()))!;
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(_sockets.Names(), Is.Empty, "the file is gone again");
    }

    private static Socket Bound(string path)
    {
        var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.Bind(new UnixDomainSocketEndPoint(path));
        return client;
    }
}

/// <summary>Answers what it is told of its peer.</summary>
[GainProtocol]
internal partial struct PathTeller
{
    private static void OnDatagram(Datagram datagram)
    {
        string path = Encoding.UTF8.GetString(datagram.RemotePath);
        bool isSent = datagram.TrySendTo(
            new UnixPath(datagram.RemotePath), default, out DatagramFailure failure);
        string text = $"{path} {failure} {datagram.RemoteAddress} {datagram.LocalAddress}";
        if (isSent)
        {
            datagram.Reply(Encoding.UTF8.GetBytes(text));
        }
    }
}

/// <summary>Notes why it cannot answer, and how long its peer's name is.</summary>
[GainProtocol]
internal partial struct NamelessJournal(Journal journal)
{
    private readonly void OnDatagram(Datagram datagram)
    {
        _ = datagram.TryReply("answer"u8, out DatagramFailure failure);
        datagram.Reply("answer"u8);
        journal.Add($"{failure} {datagram.RemotePath.Length}");
    }
}
