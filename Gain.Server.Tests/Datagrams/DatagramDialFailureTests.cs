using System.Net;
using System.Net.Sockets;
using Gain.Tests.Server.Dialling;

namespace Gain.Tests.Server.Datagrams;

/// <summary>What cannot be dialled, and what is said of it.</summary>
public class DatagramDialFailureTests(GainRing ring) : DatagramDialTest(ring)
{
    // RFC 5737: no machine has it.
    private static readonly IPAddress s_nobodys = IPAddress.Parse("192.0.2.1");

    [Test]
    public void Local_address_that_the_machine_does_not_have_fails_the_task_and_calls_nothing()
    {
        var journal = new Journal();
        GainClient<Dialled> client =
            Client(new Dialled(journal), new DialOptions { LocalAddress = s_nobodys });
        ConnectFailure failure = FailureOf(client.DialDatagramAsync(TargetOf(Peer())));
        Assert.That(failure.Reason, Is.EqualTo(ConnectFailureReason.NoAddress));
        Assert.That(journal.Entries, Is.Empty);
    }

    [Test]
    public async Task Socket_that_does_not_open_has_OnDatagramClosed_after_the_callback()
    {
        var journal = new Journal();
        GainServer server = Start(
            GainServer
                .Listen(new DatagramDialler(journal, TargetOf(Peer())), "udp://127.0.0.1:0")
                .Dial(new Dialled(journal), new DialOptions { LocalAddress = s_nobodys }));
        Connect(server).Send("1"u8);
        string[] entries = await journal.AwaitAsync(2);
        Assert.That(entries[0], Is.EqualTo("begun True"));
        Assert.That(entries[1], Does.StartWith("closed Failed (EADDRNOTAVAIL").And.EndsWith(" False"));
    }

    [Test]
    public void Socket_that_would_be_connected_to_itself_is_refused()
    {
        ushort port = DialOptionsTests.RangeOfTwo().First;
        GainClient<Dialled> client = Client(new Dialled(new Journal()), new DialOptions
        {
            LocalAddress = IPAddress.Loopback,
            LocalPorts = new PortRange(port, port),
        });
        ConnectFailure failure = FailureOf(
            client.DialDatagramAsync(DialTarget.Parse($"udp://127.0.0.1:{port}")));
        Assert.That(failure.Reason, Is.EqualTo(ConnectFailureReason.Refused));
    }

    [Test]
    public async Task Name_is_looked_up_and_the_first_address_that_can_be_connected_to_is_taken()
    {
        Socket peer = Peer();
        IPAddress[] addresses = [IPAddress.IPv6Loopback, IPAddress.Loopback];
        GainClient<Dialled> client = Client(new Dialled(new Journal()), new DialOptions
        {
            // No socket of the other family can have it.
            LocalAddress = IPAddress.Loopback,
            Resolver = _ => Task.FromResult(addresses),
        });
        var target = DialTarget.Parse($"udp://named.test:{((IPEndPoint)peer.LocalEndPoint!).Port}");
        Assert.That($"{target}", Does.StartWith("udp://named.test:"));
        for (int i = 0; i < 2; i++)
        {
            // Asked for, and then known.
            DatagramHandle handle = await client.DialDatagramAsync(target).WaitAsync(Clients.Patience);
            await SayAsync(handle, peer, "hello");
        }
    }

    [Test]
    public void Name_that_has_no_address_fails_the_task()
    {
        GainClient<Dialled> client = Client(
            new Dialled(new Journal()), new DialOptions { Resolver = _ => Task.FromResult<IPAddress[]>([]) });
        ConnectFailure failure = FailureOf(client.DialDatagramAsync(DialTarget.Parse("udp://none.test:53")));
        Assert.That(failure.Reason, Is.EqualTo(ConnectFailureReason.NameUnresolved));
    }

    [Test]
    public async Task Name_is_refused_in_a_callback() =>
        Assert.That(await RefusedInCallbackAsync("udp://some.test:53"), Does.Contain("DialDatagramAsync"));

    [Test]
    public async Task Target_of_connections_is_refused_in_a_callback() => Assert.That(
        await RefusedInCallbackAsync("tcp://127.0.0.1:53"),
        Does.Contain("it is for connections. Write udp://"));

    [Test]
    public async Task Type_that_was_not_registered_is_refused()
    {
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), "tcp://127.0.0.1:0").Dial(new Upstream(new Journal())));
        DialTarget target = TargetOf(Peer());
        Assert.That(
            async () => await server.DialDatagramAsync(new Dialled(new Journal()), target),
            Throws.InvalidOperationException.With.Message.Contains(".Dial(new Dialled())"));
        Assert.That(
            async () => await server.DialDatagramAsync(new Upstream(new Journal()), target),
            Throws.InvalidOperationException.With.Message.Contains("Upstream declares no OnDatagram"));
        await server.StopAsync();
    }

    [Test]
    public async Task Connection_is_not_dialled_to_a_target_of_datagrams()
    {
        var journal = new Journal();
        DialTarget target = TargetOf(Peer());
        GainServer server = Start(
            GainServer
                .Listen(new Forwarder(journal, target), "tcp://127.0.0.1:0")
                .Dial(new Upstream(journal)),
            new GainOptions { Logger = new RecordingLogger() });
        Assert.That(
            async () => await server.DialAsync(new Upstream(journal), target),
            Throws.InvalidOperationException.With.Message.Contains("DialDatagramAsync"));
        using Socket? client = await Clients.TryConnectAsync(server);
        await UntilAsync(() => server.Statistics.HandlerFaults == 1);
        await AwaitAllClosedAsync(server);
    }

    [Test]
    public async Task Socket_of_a_listener_has_no_peer_and_is_not_closed_by_a_handler()
    {
        var journal = new Journal();
        GainServer server = Start(
            new ListenerCloser(journal), new GainOptions { Logger = new RecordingLogger() });
        Connect(server).Send("1"u8);
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(new[] { "NotConnected", "False False True" }));
        await UntilAsync(() => server.Statistics.HandlerFaults == 1);
        Assert.That(default(DatagramHandle).TrySend("x"u8, out DatagramFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(DatagramFailure.NoAddress));
        Assert.That(default(DatagramHandle).TryClose() || default(DatagramHandle).IsOpen, Is.False);
    }

    [Test]
    public async Task Cancelled_dial_is_told_to_nobody()
    {
        var journal = new Journal();
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource<IPAddress[]>();
        GainClient<Dialled> client = Client(new Dialled(journal), new DialOptions
        {
            Resolver = _ =>
            {
                asked.SetResult();
                return answer.Task;
            },
        });
        using var source = new CancellationTokenSource();
        Task<DatagramHandle> dial =
            client.DialDatagramAsync(DialTarget.Parse("udp://slow.test:53"), source.Token);
        await asked.Task.WaitAsync(Clients.Patience);
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(async () => await dial);
        answer.SetResult([IPAddress.Loopback]);
        await client.DisposeAsync().AsTask().WaitAsync(Clients.Patience);
        Assert.That(journal.Entries, Is.Empty);
    }

    [Test]
    public async Task Dial_after_the_end_is_refused()
    {
        GainClient<Dialled> client = Client(new Dialled(new Journal()));
        DatagramHandle handle = await client.DialDatagramAsync(TargetOf(Peer()));
        await client.DisposeAsync();
        Assert.ThrowsAsync<GainException>(
            async () => await client.DialDatagramAsync(TargetOf(Peer())).WaitAsync(Clients.Patience));
        Assert.That((handle.IsOpen, handle.TryClose()), Is.EqualTo((false, false)));
    }

    [TestCase(0)]
    [TestCase(-2)]
    public void Idle_time_out_of_its_range_is_refused(int milliseconds) => Assert.That(
        () => Client(
            new Dialled(new Journal()),
            new DialOptions { DatagramIdle = TimeSpan.FromMilliseconds(milliseconds) }),
        Throws.TypeOf<GainException>().With.Message.Contains("DialOptions.DatagramIdle"));

    private static ConnectFailure FailureOf(Task<DatagramHandle> dial) =>
        Assert.ThrowsAsync<GainException>(async () => await dial.WaitAsync(Clients.Patience))!
            .ConnectFailure!.Value;

    private async Task<string> RefusedInCallbackAsync(string target)
    {
        var journal = new Journal();
        GainServer server = Start(
            GainServer
                .Listen(new DatagramForwarder(journal, DialTarget.Parse(target)), "tcp://127.0.0.1:0")
                .Dial(new Dialled(journal)),
            new GainOptions { Logger = new RecordingLogger() });
        using Socket? client = await Clients.TryConnectAsync(server);
        return (await journal.AwaitAsync(1))[0];
    }
}
