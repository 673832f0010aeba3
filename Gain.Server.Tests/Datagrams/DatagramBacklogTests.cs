using System.Net;
using System.Net.Sockets;
using Gain.Memory;
using Gain.Rings;
using Gain.Sockets;
using Gain.Workers;

namespace Gain.Tests.Server.Datagrams;

/// <summary>A worker whose socket has no room for what its callbacks send.</summary>
[NonParallelizable]
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
internal sealed class DatagramBacklogTests(GainRing kind)
{
    private const int Backlog = 128 << 10;

    // Of tests whose first receives fail: how many.
    private const string Broken = nameof(Broken);

    private CrampedRing.Valve _valve = null!;
    private RecordingLogger _logger = null!;
    private ListenerSet _listeners = null!;
    private ServerState _server = null!;
    private Worker<DatagramEcho, CrampedRing> _worker = null!;
    private Task _running = null!;
    private Socket _client = null!;

    [SetUp]
    public async Task StartWorkerAsync()
    {
        RingAvailability.Require(kind);
        GainOptions options = new GainOptions
        {
            WorkerCount = 1,
            Datagrams = { MaxBacklogBytes = Backlog },
            Logger = new RecordingLogger(),
        }.Validated();
        _valve = new CrampedRing.Valve
        {
            BrokenReceives = (int?)TestContext.CurrentContext.Test.Properties.Get(Broken) ?? 0,
        };
        _logger = (RecordingLogger)options.Logger!;
        _listeners = ServerAddress.Parse("udp://127.0.0.1:0").Open(1, options);
        _server = new ServerState(
            options.Logger!,
            new Admission(options),
            new MemoryBudget(options.Limits.MaxBufferedBytes!.Value));
        _worker = new Worker<DatagramEcho, CrampedRing>(
            options.ForWorker(0, cpu: null), _server, _listeners.ListenersPerWorker, [0]);
        _worker.TakeListeners(_listeners, accepts: true);
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running = Task.Factory.StartNew(
            () => RunWorker(opened),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        await opened.Task.WaitAsync(Clients.Patience);
        IPEndPoint endPoint = _listeners.EndPoints[0];
        _client = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _client.Connect(endPoint);
    }

    [TearDown]
    public async Task StopWorker()
    {
        _valve.Open();
        await StopAsync(TimeSpan.FromSeconds(10));
        _client.Dispose();
        _listeners.Dispose();
        _valve.Dispose();
    }

    [Test]
    public async Task What_waits_for_room_is_sent_in_its_order_when_there_is_some()
    {
        _valve.Shut();
        for (byte i = 0; i < 100; i++)
        {
            await _client.SendAsync(new[] { i });
        }

        await UntilAsync(() => _worker.ReadCounters().DatagramsIn == 100 && _valve.Waits == 1);
        Assert.That(_worker.ReadCounters().DatagramsOut, Is.Zero);
        Assert.That(_valve.Calls, Is.EqualTo(1), "nobody asks a full socket again and again");

        _valve.Open();
        for (byte i = 0; i < 100; i++)
        {
            Assert.That(await ReceiveAsync(), Is.EqualTo(new[] { i }));
        }

        Assert.That(_worker.ReadCounters().DatagramsOut, Is.EqualTo(100));
        Assert.That(_worker.ReadCounters().DroppedDatagrams, Is.Zero);
    }

    [Test]
    [Property(Broken, 2)]
    public async Task Error_of_a_receive_that_nobody_knows_is_no_error_of_an_accept_and_is_tried_again()
    {
        Assert.That(await AskAsync([7]), Is.EqualTo(new byte[] { 7 }), "it goes on");
        Assert.That(_worker.ReadCounters().SocketErrors, Is.EqualTo(2));
        Assert.That(_worker.ReadCounters().AcceptErrors, Is.Zero);
        Assert.That(_logger.Messages.Entries, Has.Some.Contains("cannot receive datagrams: ENOTCONN"));
    }

    [Test]
    public async Task Beyond_the_backlog_datagrams_are_dropped_and_counted()
    {
        _valve.Shut();
        const int count = 200;
        byte[] data = new byte[1_000];
        for (int i = 0; i < count; i++)
        {
            await _client.SendAsync(data);
            await UntilAsync(() => _worker.ReadCounters().DatagramsIn == i + 1);
        }

        // With 24 bytes in front, and the address.
        await UntilAsync(() => _worker.ReadCounters().DroppedDatagrams >= count - (Backlog / 1_000));
        _valve.Open();
        await UntilAsync(() =>
            _worker.ReadCounters().DatagramsOut + _worker.ReadCounters().DroppedDatagrams == count);
        Assert.That(_worker.ReadCounters().DatagramsOut, Is.InRange(100, Backlog / 1_000));
        while (_client.Available > 0)
        {
            Assert.That(await ReceiveAsync(), Is.EqualTo(data));
        }

        Assert.That(await AskAsync([7]), Is.EqualTo(new byte[] { 7 }), "and it goes on");
    }

    [Test]
    public async Task A_stop_sends_what_finds_room_in_its_time()
    {
        _valve.Shut();
        await _client.SendAsync(new byte[] { 1 });
        await UntilAsync(() => _valve.Waits == 1);
        Task stopping = StopAsync(Clients.Patience);
        await UntilAsync(() => _server.StopRequested);
        _valve.Open();
        await stopping.WaitAsync(Clients.Patience);
        Assert.That(_worker.ReadCounters().DatagramsOut, Is.EqualTo(1));
        Assert.That(await ReceiveAsync(), Is.EqualTo(new byte[] { 1 }));
    }

    [Test]
    public async Task A_stop_whose_time_is_over_drops_what_has_no_room()
    {
        _valve.Shut();
        for (byte i = 0; i < 3; i++)
        {
            await _client.SendAsync(new[] { i });
        }

        await UntilAsync(() => _worker.ReadCounters().DatagramsIn == 3 && _valve.Waits == 1);
        await StopAsync(TimeSpan.Zero).WaitAsync(Clients.Patience);
        Assert.That(_worker.ReadCounters().DroppedDatagrams, Is.EqualTo(3));
        Assert.That(_worker.ReadCounters().DatagramsOut, Is.Zero);
    }

    private void RunWorker(TaskCompletionSource opened)
    {
        _worker.Open(new CrampedRing.Factory(kind, _valve));
        opened.SetResult();
        _worker.Run(new DatagramEcho());
        _worker.Close();
    }

    private async Task StopAsync(TimeSpan drain)
    {
        _server.RequestStop(MonotonicClock.NowMs + (long)drain.TotalMilliseconds);
        _worker.Notify();
        await _running.WaitAsync(Clients.Patience);
    }

    private async Task<byte[]> AskAsync(byte[] question)
    {
        await _client.SendAsync(question);
        return await ReceiveAsync();
    }

    private async Task<byte[]> ReceiveAsync()
    {
        byte[] buffer = new byte[2_000];
        return buffer[..await _client.ReceiveAsync(buffer).WaitAsync(Clients.Patience)];
    }

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Clients.Patience);
        while (!holds())
        {
            Assert.That(patience.IsCancellationRequested, Is.False, "it did not come to that");
            await Task.Yield();
        }
    }
}
