using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Server;

/// <summary>Starts, stops and waits that are asked for in one place and ended in another.</summary>
public class LifetimeTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Server_started_asynchronously_serves()
    {
        await using GainServer server = await GainServer.StartAsync(new EchoProtocol(), Address, Options());
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 1), Is.EqualTo("x"u8.ToArray()));
        Assert.That(server.Completion.IsCompleted, Is.False);
    }

    [Test]
    public async Task Start_that_was_cancelled_before_opens_nothing()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        Assert.That(
            async () => await GainServer.StartAsync(
                new EchoProtocol(), Address, Options(), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    // A port that no process can be seen to have: the socket is in a ring's table alone, as that of a process
    // that was killed.
    [Test]
    public void Start_that_waits_for_an_address_ends_when_it_is_cancelled()
    {
        RingAvailability.Require(GainRing.Uring);
        using var cancellation = new CancellationTokenSource();
        GainOptions options = Options();
        options.Timeouts.BindRetry = TimeSpan.FromMinutes(1);
        options.Logger = new CancelingLogger(cancellation);
        string address;
        using (Gain.Uring.Ring holder = Gain.Uring.Ring.Create(new Gain.Uring.RingOptions { Entries = 2 }))
        {
            using (var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                listener.Listen();
                address = $"tcp://{listener.LocalEndPoint}";
                holder.RegisterFiles([(int)listener.Handle]);
            }

            Assert.That(
                async () => await GainServer.StartAsync(
                    new EchoProtocol(), address, options, cancellation.Token).WaitAsync(Clients.Patience),
                Throws.InstanceOf<OperationCanceledException>());
        }

        options.Logger = null;
        Assert.DoesNotThrowAsync(async () =>
        {
            await using GainServer next = GainServer.Start(new EchoProtocol(), address, options);
        });
    }

    [Test]
    public async Task Cancelled_stop_resets_what_is_left_at_once()
    {
        GainServer server = Start(new GreetingProtocol(new Journal(), new byte[15_000_000], aborts: false));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveExactlyAsync(client, 1);
        using var cancellation = new CancellationTokenSource();
        Task stopped = server.StopAsync(TimeSpan.FromHours(20), cancellation.Token);
        Assert.That(stopped.IsCompleted, Is.False, "the client has not read");
        await cancellation.CancelAsync();
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(server.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task Cancelled_wait_for_a_shutdown_stops_the_server()
    {
        GainServer server = Start(new EchoProtocol());
        using var cancellation = new CancellationTokenSource();
        Task ended = server.WaitForShutdownAsync(cancellation.Token);
        Assert.That(ended.IsCompleted, Is.False);
        await cancellation.CancelAsync();
        await ended.WaitAsync(Clients.Patience);
        Assert.That(server.IsRunning, Is.False);
        Assert.That(server.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task Callback_requests_a_stop_and_goes_on()
    {
        GainServer server = Start(new RequestingProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "stop"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("bye"u8.ToArray()));
        await server.Completion.WaitAsync(Clients.Patience);
    }

    [Test]
    public void Request_with_an_impossible_time_is_refused()
    {
        GainServer server = Start(new EchoProtocol());
        Assert.That(
            () => server.RequestStop(TimeSpan.FromSeconds(-1)),
            Throws.InstanceOf<GainException>().With.Message.Contains("drainTimeout"));
        Assert.That(server.IsRunning);
    }

    private GainOptions Options() => new() { Ring = Ring, WorkerCount = 1 };
}

[GainProtocol]
internal partial struct RequestingProtocol
{
    private GainServer _server;

    private void OnStart(GainServer server) => _server = server;

    private readonly void OnRead(Connection connection)
    {
        _server.RequestStop();
        connection.Send("bye"u8);
    }
}

/// <summary>Cancels when the start says that it waits for an address.</summary>
internal sealed class CancelingLogger(CancellationTokenSource cancellation) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (formatter(state, exception).Contains("no process that can be seen", StringComparison.Ordinal))
        {
            cancellation.Cancel();
        }
    }
}
