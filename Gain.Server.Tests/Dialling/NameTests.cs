using System.Net;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Tests.Server.Dialling;

/// <summary>Hosts that are dialled by name, over real sockets and with a resolver of the test's.</summary>
public class NameTests(GainRing ring) : ServerTest(ring)
{
    private readonly List<string> _asked = [];
    private Func<Task<IPAddress[]>> _answer = static () => Task.FromResult<IPAddress[]>([]);

    [SetUp]
    public void Forget() => _asked.Clear();

    private DialOptions Options(params string[] addresses)
    {
        IPAddress[] parsed = Array.ConvertAll(addresses, IPAddress.Parse);
        _answer = () => Task.FromResult(parsed);
        return new DialOptions { Resolver = Resolve };
    }

    private Task<IPAddress[]> Resolve(string name)
    {
        lock (_asked)
        {
            _asked.Add(name);
        }

        return _answer();
    }

    private static Socket Listen(string address, int port = 0, int backlog = 16)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        listener.Listen(backlog);
        return listener;
    }

    // A full accept queue stands for a host that does not answer: the kernel drops the SYNs.
    private static async Task<Socket> FillAsync(Socket listener)
    {
        var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await waiting.ConnectAsync(listener.LocalEndPoint!).WaitAsync(Clients.Patience);
        return waiting;
    }

    private static int PortOf(Socket listener) => ((IPEndPoint)listener.LocalEndPoint!).Port;

    private static DialTarget Named(Socket listener) =>
        DialTarget.Parse($"tcp://backend.test:{PortOf(listener)}");

    [Test]
    public async Task Name_is_looked_up_once_and_its_address_dialled()
    {
        using Socket listener = Listen("127.0.0.1");
        await using var client = new DiallingClient(Ring, Options("127.0.0.1"));
        await client.Dialler.DialAsync(Named(listener)).WaitAsync(Clients.Patience);
        await client.Dialler.DialAsync(Named(listener)).WaitAsync(Clients.Patience);
        using Socket first = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        using Socket second = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(_asked, Is.EqualTo(new[] { "backend.test" }));
        Assert.That(
            await client.Journal.AwaitAsync(2), Is.EqualTo(new[] { "connect 0", "connect 0" }));
    }

    // Written to at once, while the name is looked up.
    [Test]
    public async Task Callback_dials_a_name_and_what_it_writes_at_once_arrives(
        [Values] GainArchitecture architecture)
    {
        var journal = new Journal();
        using Socket listener = Listen("127.0.0.1");
        GainServer server = Start(
            GainServer.Listen(new Forwarder(journal, Named(listener)), "tcp://127.0.0.1:0")
                .Dial(new Upstream(journal), Options("127.0.0.1")),
            new GainOptions { Architecture = architecture, WorkerCount = 2 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "ping"u8.ToArray());
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("ping"u8.ToArray()));
        await upstream.SendAsync("pong"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("pong"u8.ToArray()));
        client.Dispose();
        await AwaitAllClosedAsync(server);
    }

    [Test]
    public async Task Next_address_is_tried_at_once_when_one_is_refused()
    {
        using Socket listener = Listen("127.0.0.3");
        DialOptions options = Options("127.0.0.1", "::1", "127.0.0.3");
        options.AttemptDelay = TimeSpan.FromSeconds(2);
        options.ConnectTimeout = TimeSpan.FromSeconds(2);
        await using var client = new DiallingClient(Ring, options);
        await client.Dialler.DialAsync(Named(listener)).WaitAsync(Clients.Patience);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await client.Journal.AwaitAsync(1), Is.EqualTo(new[] { "connect 0" }));
    }

    [Test]
    public async Task Address_that_does_not_answer_does_not_hold_the_next_one_up()
    {
        using Socket silent = Listen("127.0.0.1", backlog: 0);
        using Socket waiting = await FillAsync(silent);
        using Socket listener = Listen("127.0.0.3", PortOf(silent));
        DialOptions options = Options("127.0.0.1", "127.0.0.3");
        options.AttemptDelay = TimeSpan.FromMilliseconds(20);
        int before = Descriptors.Sockets();
        await using (var client = new DiallingClient(Ring, options))
        {
            ConnectionHandle handle =
                await client.Dialler.DialAsync(Named(listener)).WaitAsync(Clients.Patience);
            using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
            Assert.That(handle.TrySend("ping"u8));
            Assert.That(await Clients.ReceiveExactlyAsync(upstream, 4), Is.EqualTo("ping"u8.ToArray()));
            Assert.That(client.Journal.Entries, Is.EqualTo(new[] { "connect 0" }));
        }

        // Both are over, and nothing is left of the one that lost.
        Assert.That(Descriptors.Sockets(), Is.EqualTo(before));
    }

    [Test]
    public async Task Last_failure_is_told_once_when_no_address_answers()
    {
        using Socket listener = Listen("127.0.0.9");
        await using var client = new DiallingClient(Ring, Options("127.0.0.1", "127.0.0.3"));
        var failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(Named(listener)).WaitAsync(Clients.Patience))!;
        ConnectFailure why = failure.ConnectFailure!.Value;
        Assert.That(why.Reason, Is.EqualTo(ConnectFailureReason.Refused));
        Assert.That($"{why.Target}", Does.StartWith("127.0.0.3:"));
        Assert.That(failure.Message, Does.Contain("tcp://backend.test:"));
        Assert.That(
            await client.Journal.AwaitAsync(1),
            Is.EqualTo(new[] { $"failed Refused {Errno.ECONNREFUSED}" }));
    }

    [Test]
    public async Task Name_without_an_address_fails_with_NameUnresolved_and_is_remembered(
        [Values] bool throws)
    {
        DialOptions options = Options();
        options.NameFailureLifetime = TimeSpan.FromDays(1);
        _answer = () => throws
            ? Task.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
            : Task.FromResult<IPAddress[]>([]);
        await using var client = new DiallingClient(Ring, options);
        for (int i = 0; i < 2; i++)
        {
            var failure = Assert.ThrowsAsync<GainException>(async () => await client.Dialler
                .DialAsync(DialTarget.Parse("tcp://nobody.test:80")).WaitAsync(Clients.Patience))!;
            Assert.That(
                failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.NameUnresolved));
            Assert.That(failure.Message, Does.Contain("tcp://nobody.test:80"));
        }

        Assert.That(
            await client.Journal.AwaitAsync(2),
            Is.EqualTo(new[] { "failed NameUnresolved 0", "failed NameUnresolved 0" }));
        Assert.That(_asked, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Deadline_holds_for_the_lookup_as_well()
    {
        var late = new TaskCompletionSource<IPAddress[]>();
        DialOptions options = Options();
        options.ConnectTimeout = TimeSpan.FromMilliseconds(50);
        _answer = () => late.Task;
        await using var client = new DiallingClient(Ring, options);
        var failure = Assert.ThrowsAsync<GainException>(async () => await client.Dialler
            .DialAsync(DialTarget.Parse("tcp://slow.test:80")).WaitAsync(Clients.Patience))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.TimedOut));

        // The answer comes when nobody waits for it: the slot may be another's by now.
        late.SetResult([IPAddress.Loopback]);
        using Socket listener = Listen("127.0.0.1");
        await client.Dialler.DialAsync(DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!))
            .WaitAsync(Clients.Patience);
        Assert.That(
            await client.Journal.AwaitAsync(2), Is.EqualTo(new[] { "failed TimedOut 0", "connect 0" }));
    }

    [Test]
    public async Task Deadline_holds_for_all_addresses_together()
    {
        using Socket first = Listen("127.0.0.1", backlog: 0);
        using Socket waiting = await FillAsync(first);
        using Socket second = Listen("127.0.0.3", PortOf(first), backlog: 0);
        using Socket alsoWaiting = await FillAsync(second);
        DialOptions options = Options("127.0.0.1", "127.0.0.3");
        options.AttemptDelay = TimeSpan.FromMilliseconds(10);
        options.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        await using var client = new DiallingClient(Ring, options);
        var failure = Assert.ThrowsAsync<GainException>(
            async () => await client.Dialler.DialAsync(Named(first)).WaitAsync(Clients.Patience))!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.TimedOut));
        Assert.That(client.Journal.Entries, Is.EqualTo(new[] { "failed TimedOut 0" }));
    }

    [Test]
    public async Task Stop_gives_up_a_dial_whose_name_is_being_looked_up()
    {
        var never = new TaskCompletionSource<IPAddress[]>();
        DialOptions options = Options();
        _answer = () => never.Task;
        await using var client = new DiallingClient(Ring, options);
        Task<ConnectionHandle> dial = client.Dialler.DialAsync(DialTarget.Parse("tcp://slow.test:80"));
        await client.AwaitSocketAsync();
        await client.Dialler.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        var failure = Assert.ThrowsAsync<GainException>(async () => await dial)!;
        Assert.That(failure.ConnectFailure!.Value.Reason, Is.EqualTo(ConnectFailureReason.Cancelled));

        // Nobody is there anymore to be told.
        never.SetResult([IPAddress.Loopback]);
    }

    [Test]
    public async Task Localhost_is_looked_up_by_the_system()
    {
        using Socket listener = Listen("127.0.0.1");
        await using var client = new DiallingClient(Ring, null);
        DialTarget target = DialTarget.Parse($"tcp4://localhost:{PortOf(listener)}");
        await client.Dialler.DialAsync(target).WaitAsync(Clients.Patience);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await client.Journal.AwaitAsync(1), Is.EqualTo(new[] { "connect 0" }));
    }
}
