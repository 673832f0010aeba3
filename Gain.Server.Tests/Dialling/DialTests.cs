using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using static Gain.Tests.Server.Upstreams;

namespace Gain.Tests.Server.Dialling;

/// <summary>Connections that go out, over real sockets.</summary>
public class DialTests(GainRing ring) : ServerTest(ring)
{
    private static readonly GainArchitecture[] s_architectures =
        [GainArchitecture.Sharding, GainArchitecture.Reactor];

    private static GainOptions Of(GainArchitecture architecture, int workers = 1) =>
        new() { Architecture = architecture, WorkerCount = workers };

    private static async Task<Socket> ConnectAsync(GainServer server)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(server.EndPoints[0]).WaitAsync(Clients.Patience);
        return client;
    }

    private static async Task<string> ReadAsync(Socket socket, int bytes)
    {
        byte[] buffer = new byte[bytes];
        int read = 0;
        while (read < bytes)
        {
            int more = await socket.ReceiveAsync(buffer.AsMemory(read)).AsTask().WaitAsync(Clients.Patience);
            Assert.That(more, Is.Positive, $"the end after {read} bytes");
            read += more;
        }

        return System.Text.Encoding.ASCII.GetString(buffer);
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Callback_dials_and_bytes_go_both_ways(GainArchitecture architecture)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        DialTarget target = TargetOf(listener);
        GainServer server = Start(
            GainServer.Listen(new Forwarder(journal, target), "tcp://127.0.0.1:0")
                .Dial(new Upstream(journal)),
            Of(architecture, workers: 2));
        using Socket client = await ConnectAsync(server);
        await client.SendAsync("ping"u8.ToArray());
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await ReadAsync(upstream, 4), Is.EqualTo("ping"));
        await upstream.SendAsync("pong"u8.ToArray());
        Assert.That(await ReadAsync(client, 4), Is.EqualTo("pong"));
        upstream.Shutdown(SocketShutdown.Both);
        string[] entries = await journal.AwaitAsync(3);
        Assert.That(entries[0], Does.StartWith("connect "));
        Assert.That(entries[1..], Is.EqualTo(new[] { "read pong", "close PeerClosed" }));
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That(
            (statistics.Accepted, statistics.Connected, statistics.FailedConnects), Is.EqualTo((1, 1, 0)));
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Refused_dial_has_OnConnectFailed_and_no_OnClose(GainArchitecture architecture)
    {
        var journal = new Journal();
        using Socket closed = Bind();
        DialTarget target = TargetOf(closed);
        GainServer server = Start(
            GainServer.Listen(new Forwarder(journal, target), "tcp://127.0.0.1:0")
                .Dial(new Upstream(journal)),
            Of(architecture));
        using Socket client = await ConnectAsync(server);
        await journal.AwaitAsync(1);
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That(journal.Entries, Is.EqualTo(new[] { $"failed Refused {Errno.ECONNREFUSED}" }));
        Assert.That((statistics.Connected, statistics.FailedConnects), Is.EqualTo((0, 1)));
    }

    // A full accept queue stands for a host that does not answer: the kernel drops the SYNs.
    [Test]
    public async Task Dial_that_nobody_answers_fails_at_its_deadline()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = await FillAsync(listener);
        await using var client = Client(new DialOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        var failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.TimedOut));
        Assert.That(client.Journal.Entries, Is.EqualTo(new[] { "failed TimedOut 0" }));
    }

    [Test]
    public async Task Stop_gives_up_a_dial_that_is_under_way()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = await FillAsync(listener);
        await using var client = Client();
        Task<ConnectionHandle> dial = client.Dialler.DialAsync(TargetOf(listener));
        await client.AwaitSocketAsync();
        await client.Dialler.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        var failure = Assert.ThrowsAsync<GainException>(async () => await dial)!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.Cancelled));
        Assert.That(client.Journal.Entries, Is.EqualTo(new[] { "failed Cancelled 0" }));
    }

    [Test]
    public async Task Cancelled_DialAsync_gives_the_connection_up()
    {
        using Socket listener = Listen(backlog: 0);
        using Socket first = await FillAsync(listener);
        await using var client = Client();
        using var source = new CancellationTokenSource();
        Task<ConnectionHandle> dial = client.Dialler.DialAsync(TargetOf(listener), source.Token);
        await client.AwaitSocketAsync();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(async () => await dial);
        Assert.That(await client.Journal.AwaitAsync(1), Is.EqualTo(new[] { "failed Cancelled 0" }));
    }

    [Test]
    public async Task Close_right_behind_the_dial_cancels_it([Values] bool aborts)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = Start(
            GainServer.Listen(new Changeable(journal, TargetOf(listener), aborts), "tcp://127.0.0.1:0")
                .Dial(new Upstream(journal)));
        using Socket client = await ConnectAsync(server);

        // The command may come before the connect is begun, or after it is over.
        string[] entries = await journal.AwaitAsync(1);
        if (entries[0] == "failed Cancelled 0")
        {
            return;
        }

        entries = await journal.AwaitAsync(2);
        Assert.That(entries, Is.EqualTo(new[] { "connect 0", aborts ? "close Aborted" : "close Local" }));
    }

    [Test]
    public async Task Throw_in_OnConnect_closes_the_connection_and_one_in_OnConnectFailed_nothing()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        using Socket closed = Bind();
        GainServer server = Start(GainServer
            .Listen(new EchoProtocol(), "tcp://127.0.0.1:0")
            .Dial(new Throwing(journal, atConnect: true)));
        await server.DialAsync(new Throwing(journal, atConnect: true), TargetOf(listener));
        Assert.That(
            await journal.AwaitAsync(2), Is.EqualTo(new[] { "connect", "close HandlerFault" }));
        Assert.ThrowsAsync<GainException>(
            async () => await server.DialAsync(new Throwing(journal, false), TargetOf(closed)));
        await journal.AwaitAsync(3);
        GainStatistics statistics = await AwaitAllClosedAsync(server);
        Assert.That(statistics.HandlerFaults, Is.EqualTo(2));
    }

    [TestCaseSource(nameof(s_architectures))]
    public async Task Callback_writes_to_another_connection_of_its_worker(GainArchitecture architecture)
    {
        var journal = new Journal();
        using Socket listener = Listen();
        var prototype = new Borrower(journal, TargetOf(listener));
        GainServer server = Start(
            GainServer.Listen(prototype, "tcp://127.0.0.1:0").Dial(prototype), Of(architecture, workers: 2));
        using Socket client = await ConnectAsync(server);

        // Before the dial is up: it is written to all the same.
        await client.SendAsync("ping"u8.ToArray());
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await ReadAsync(upstream, 4), Is.EqualTo("ping"));
        await upstream.SendAsync("pong"u8.ToArray());
        Assert.That(await ReadAsync(client, 4), Is.EqualTo("pong"));
        await client.SendAsync("bye"u8.ToArray());
        Assert.That(await ReadAsync(upstream, 3), Is.EqualTo("bye"));
        upstream.Shutdown(SocketShutdown.Both);
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close Local 1" }));
        Assert.That(await upstream.ReceiveAsync(new byte[1]), Is.Zero);
        upstream.Dispose();

        // Its slot is free when the peer's end is there, and from then on it is not borrowed.
        await AwaitLoadAsync(server, 1);
        await client.SendAsync("ping"u8.ToArray());
        Assert.That((await journal.AwaitAsync(2))[1], Is.EqualTo("the other is gone"));
    }

    [Test]
    public async Task Dial_with_a_type_that_was_not_registered_says_so()
    {
        var journal = new Journal();
        using Socket listener = Listen();
        GainServer server = Start(
            GainServer.Listen(new Unregistered(journal, TargetOf(listener)), "tcp://127.0.0.1:0"));
        using Socket client = await ConnectAsync(server);
        string[] entries = await journal.AwaitAsync(1);
        Assert.That(entries[0], Does.StartWith("close HandlerFault Upstream was dialled with"));
        Assert.That(entries[0], Does.Contain(".Dial(new Upstream())"));
        Assert.That(
            async () => await server.DialAsync(new Upstream(journal), TargetOf(listener)),
            Throws.InvalidOperationException.With.Message.Contains(".Dial(new Upstream())"));
    }

    [Test]
    public async Task Socket_that_connects_to_itself_is_refused()
    {
        await using var client = Client();
        int self = 0;
        for (int i = 0; i < 400; i++)
        {
            using Socket closed = Bind();
            DialTarget target = TargetOf(closed);
            closed.Dispose();
            try
            {
                await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
                self++;
            }
            catch (GainException refused)
            {
                Assert.That(
                    refused.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.Refused));
            }
        }

        Assert.That(self, Is.Zero, "connections to nobody");
    }

    [Test]
    public async Task Address_that_is_none_fails_with_NoAddress()
    {
        await using var client = Client();
        var failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(default(GainAddress)))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.NoAddress));
        string missing = $"unix:///tmp/gain-nobody-{Guid.NewGuid():N}";
        failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(DialTarget.Parse(missing)))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.NoAddress));
        Assert.That(failure.Message, Does.Contain(missing));
    }

    [Test]
    public async Task Unix_socket_is_dialled_and_a_full_one_fails_with_BacklogFull()
    {
        string name = $"gain-{Guid.NewGuid():N}";
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"\0{name}"));
        listener.Listen(1);
        await using var client = Client();
        DialTarget target = DialTarget.Parse($"unix://@{name}");
        ConnectionHandle handle = await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(handle.TrySend("ping"u8));
        Assert.That(await ReadAsync(upstream, 4), Is.EqualTo("ping"));
        await upstream.SendAsync("pong"u8.ToArray());
        await client.Journal.AwaitAsync(entry => entry == "read pong", 1);
        GainException? full = null;
        for (int i = 0; full is null && i < 10; i++)
        {
            try
            {
                await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
            }
            catch (GainException refused)
            {
                full = refused;
            }
        }

        Assert.That(full?.ConnectFailure?.Reason, Is.EqualTo(ConnectFailureReason.BacklogFull));
    }

    [Test]
    public async Task Connections_come_from_the_local_address()
    {
        using Socket listener = Listen();
        await using var client = Client(new DialOptions { LocalAddress = IPAddress.Parse("127.0.0.7") });
        await client.Dialler.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(((IPEndPoint)upstream.RemoteEndPoint!).Address, Is.EqualTo(IPAddress.Parse("127.0.0.7")));
    }

    [Test]
    public async Task Local_address_that_the_machine_does_not_have_fails_with_NoAddress()
    {
        using Socket listener = Listen();
        await using var client = Client(new DialOptions { LocalAddress = IPAddress.Parse("192.0.2.1") });
        var failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(TargetOf(listener)).WaitAsync(Clients.Patience))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.NoAddress));
    }

    [Test]
    public void Connect_timeout_that_is_none_is_refused()
    {
        Assert.That(
            () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(
                new EchoProtocol(), new DialOptions { ConnectTimeout = TimeSpan.Zero }),
            Throws.TypeOf<GainException>().With.Message.Contains("DialOptions.ConnectTimeout is 00:00:00"));
    }

    [Test]
    public void Socket_option_that_is_none_is_refused_as_one_of_the_dials()
    {
        var options = new DialOptions { Sockets = new SocketSettings { KeepAliveCount = 0 } };
        Assert.That(
            () => GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(
                new EchoProtocol(), options),
            Throws.TypeOf<GainException>()
                .With.Message.StartsWith("DialOptions.Sockets.KeepAliveCount is 0, but must be 1 to"));
    }

    [Test]
    public void Type_is_given_to_Dial_once()
    {
        GainServerBuilder<EchoProtocol> builder =
            GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new EchoProtocol());
        Assert.That(
            () => builder.Dial(new EchoProtocol()),
            Throws.TypeOf<GainException>().With.Message.Contains("EchoProtocol was given to Dial twice"));
    }

    private DiallingClient Client(DialOptions? options = null) => new(Ring, options);

    // As many wait as may, and the next SYN is dropped.
    private static async Task<Socket> FillAsync(Socket listener)
    {
        var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndPoint!).WaitAsync(Clients.Patience);
        return first;
    }
}
