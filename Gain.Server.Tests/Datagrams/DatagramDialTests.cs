using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Sockets for datagrams that are dialled: what they send and receive, and how they end.</summary>
public class DatagramDialTests(GainRing ring) : DatagramDialTest(ring)
{
    [TestCase(GainArchitecture.Sharding)]
    [TestCase(GainArchitecture.Reactor)]
    public async Task Callback_dials_a_socket_of_its_own_and_datagrams_go_both_ways(
        GainArchitecture architecture)
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainServer server = Start(
            GainServer
                .Listen(new DatagramForwarder(journal, TargetOf(peer)), "tcp://127.0.0.1:0")
                .Dial(new Dialled(journal)),
            new GainOptions { Architecture = architecture, WorkerCount = 2, Logger = new RecordingLogger() });
        var ports = new HashSet<int>();
        for (int i = 0; i < 5; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, "ping"u8.ToArray());
            (string heard, EndPoint from) = await HearAsync(peer);
            Assert.That(heard, Is.EqualTo("ping"));
            Assert.That(ports.Add(((IPEndPoint)from).Port), "a port for each dial");
            Tell(peer, from, "pong");
            Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("pong"u8.ToArray()));
            client.Dispose();
        }

        string[] ends = await journal.AwaitAsync(
            entry => entry.StartsWith("closed", StringComparison.Ordinal), 5);
        Assert.That(ends.Count(entry => entry == "closed Local False"), Is.EqualTo(5));
        await AwaitAllClosedAsync(server);
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(5));
        Assert.That(server.Statistics.DatagramsIn, Is.EqualTo(5));
        Assert.That(server.Statistics.HandlerFaults, Is.EqualTo(5), "of OnDatagramClosed");
    }

    [Test]
    public async Task Datagram_of_the_peer_is_answered_and_tells_both_addresses()
    {
        var journal = new Journal();
        Socket peer = Peer();
        DatagramHandle handle = await Client(new Dialled(journal)).DialDatagramAsync(TargetOf(peer));
        Assert.That((handle.IsOpen, handle.IsConnected), Is.EqualTo((true, true)));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        Tell(peer, local, "reply");
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("replied"));
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("sent"));
        string[] entries = await journal.AwaitAsync(1);
        Assert.That(entries[0], Is.EqualTo($"reply from {peer.LocalEndPoint} at {local}"));
        GainAddress own = GainAddress.FromIPEndPoint((IPEndPoint)peer.LocalEndPoint!);
        Assert.That(handle.TrySendTo(own, "to it"u8), "its peer");
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("to it"));
        GainAddress other = GainAddress.FromIPEndPoint(local);
        Assert.That(handle.TrySendTo(other, "x"u8, out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.NotThePeer));
    }

    [Test]
    public async Task Empty_datagram_goes_both_ways()
    {
        var journal = new Journal();
        Socket peer = Peer();
        DatagramHandle handle = await Client(new Dialled(journal)).DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "");
        for (int i = 1; i <= 3; i++)
        {
            // It ends the receive, which is armed again.
            Tell(peer, local, "");
            await journal.AwaitAsync(i);
        }

        Assert.That(journal.Entries, Has.All.StartsWith(" from"));
    }

    [Test]
    public async Task Datagram_of_a_stranger_does_not_arrive()
    {
        var journal = new Journal();
        Socket peer = Peer();
        Socket stranger = Peer();
        DatagramHandle handle = await Client(new Dialled(journal)).DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        Tell(stranger, local, "stranger");
        Tell(peer, local, "peer");
        string[] entries = await journal.AwaitAsync(1);
        Assert.That(entries, Has.Length.EqualTo(1));
        Assert.That(entries[0], Does.StartWith("peer from"));
    }

    [Test]
    public async Task Many_datagrams_of_one_turn_arrive_in_their_order()
    {
        Socket peer = Peer();
        DatagramHandle handle =
            await Client(new Dialled(new Journal())).DialDatagramAsync(TargetOf(peer));
        for (int i = 0; i < 200; i++)
        {
            Assert.That(handle.TrySend(System.Text.Encoding.ASCII.GetBytes($"{i:D4}")));
        }

        for (int i = 0; i < 200; i++)
        {
            Assert.That((await HearAsync(peer)).Text, Is.EqualTo($"{i:D4}"));
        }
    }

    [Test]
    public async Task Port_that_nobody_has_ends_the_socket_with_Refused_once()
    {
        var journal = new Journal();
        GainClient<Dialled> client = Client(new Dialled(journal));
        DatagramHandle handle = await client.DialDatagramAsync(NobodysTarget());
        Assert.That(handle.TrySend("anybody?"u8));
        string[] entries = await journal.AwaitAsync(1);
        Assert.That(entries[0], Does.StartWith("closed Refused (ECONNREFUSED"));
        Assert.That(handle.IsOpen, Is.False);
        Assert.That(handle.TrySend("x"u8, out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.Closed));
        Assert.That(handle.TryClose(), Is.False);
        await client.DisposeAsync();
        Assert.That(journal.Entries, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Silence_ends_the_socket_and_what_is_sent_or_received_is_none()
    {
        var journal = new Journal();
        Socket peer = Peer();
        var options = new DialOptions { DatagramIdle = TimeSpan.FromMilliseconds(30) };
        DatagramHandle handle = await Client(new Dialled(journal), options).DialDatagramAsync(TargetOf(peer));
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "closed Idle False" }));
        Assert.That(handle.IsOpen, Is.False);
    }

    [Test]
    public async Task Socket_without_a_limit_of_silence_outlives_one_that_has()
    {
        var journal = new Journal();
        Socket peer = Peer();
        DatagramHandle endless = await Client(
            new Dialled(journal), new DialOptions { DatagramIdle = Timeout.InfiniteTimeSpan })
            .DialDatagramAsync(TargetOf(peer));
        var other = new Journal();
        await Client(new Dialled(other), new DialOptions { DatagramIdle = TimeSpan.FromMilliseconds(30) })
            .DialDatagramAsync(TargetOf(peer));
        await other.AwaitAsync(1);
        await SayAsync(endless, peer, "still here");
        Assert.That(journal.Entries, Is.Empty);
    }

    [Test]
    public async Task Close_from_another_thread_comes_behind_what_was_sent_before()
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainClient<Dialled> client = Client(new Dialled(journal));
        DatagramHandle handle = await client.DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        Assert.That(handle.TrySend("bye"u8));
        Assert.That(handle.TryClose());
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("bye"));
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "closed Local False" }));

        // Its port is closed: the kernel says so to who sends there.
        peer.Connect(local);
        peer.Send("late"u8);
        var refused = Assert.ThrowsAsync<SocketException>(
            async () => await peer.ReceiveAsync(new byte[10]).WaitAsync(Clients.Patience))!;
        Assert.That(refused.SocketErrorCode, Is.EqualTo(SocketError.ConnectionRefused));
        Assert.That(journal.Entries, Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Close_in_the_callback_sends_what_it_wrote_and_no_more()
    {
        var journal = new Journal();
        Socket peer = Peer();
        DatagramHandle handle = await Client(new Dialled(journal)).DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        Tell(peer, local, "close");
        Tell(peer, local, "after");
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("closing"));
        string[] entries = await journal.AwaitAsync(3);
        Assert.That(entries[0], Does.StartWith("close from"));
        Assert.That(entries[1..], Is.EqualTo(new[] { "Closed", "closed Local False" }));
    }

    [Test]
    public async Task Throw_in_OnDatagram_leaves_the_socket_open()
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainClient<Dialled> client = Client(new Dialled(journal));
        DatagramHandle handle = await client.DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        Tell(peer, local, "throw");
        Tell(peer, local, "stray");
        Tell(peer, local, "reply");
        Assert.That((await HearAsync(peer)).Text, Is.EqualTo("replied"));
        Assert.That(
            client.Server.Statistics.HandlerFaults, Is.EqualTo(2), "the throw, and SendTo a stranger");
        Assert.That(journal.Entries, Has.Some.EqualTo("NotThePeer"));
    }

    [Test]
    public async Task Stop_delivers_what_had_arrived_and_then_ends_the_socket()
    {
        var journal = new Journal();
        using var gate = new ManualResetEventSlim();
        Socket peer = Peer();
        GainClient<GatedDialled> client = Client(new GatedDialled(journal, gate));
        DatagramHandle handle = await client.DialDatagramAsync(TargetOf(peer));
        IPEndPoint local = await SayAsync(handle, peer, "hello");
        const int count = 100;
        for (byte i = 0; i < count; i++)
        {
            peer.SendTo(new[] { i }, local);
        }

        await journal.AwaitAsync(1);
        Task stopping = client.Server.StopAsync(Clients.Patience);
        gate.Set();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(
            journal.Entries,
            Is.EqualTo(Enumerable.Range(0, count).Select(i => $"{i}").Append("ServerStopped")));
    }

    [Test]
    public async Task Instance_of_the_worker_is_the_same_at_each_end()
    {
        var journal = new Journal();
        Socket peer = Peer();
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new CountingEnds(journal)),
            new GainOptions { WorkerCount = 1 });
        for (int i = 1; i <= 3; i++)
        {
            DatagramHandle handle =
                await server.DialDatagramAsync(new CountingEnds(journal), TargetOf(peer));
            Tell(peer, await SayAsync(handle, peer, "hello"), "end");
            await journal.AwaitAsync(i);
        }

        Assert.That(journal.Entries, Is.EqualTo(new[] { "1 Local 0", "2 Local 0", "3 Local 0" }));
    }
}
