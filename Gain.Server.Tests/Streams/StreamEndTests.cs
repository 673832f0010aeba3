using System.Net.Sockets;

namespace Gain.Tests.Server.Streams;

/// <summary>Streams that are used on other threads than the worker's, and how they end.</summary>
public class StreamEndTests(GainRing ring) : ServerTest(ring)
{
    private const int Large = 10_000_000;

    private readonly byte[] _buffer = new byte[64];

    private Journal _journal = new();
    private StreamLoan _loan = new();
    private GainServer _server = null!;

    [TearDown]
    public void Return() => _loan.Return();

    [Test]
    public async Task Read_of_no_bytes_waits_until_there_are_some()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task<int> waiting = stream.ReadAsync(Memory<byte>.Empty).AsTask();
        await PassTurnAsync(stream);
        Assert.That(waiting.IsCompleted, Is.False);
        await Clients.SendAllAsync(client, "abc"u8.ToArray());
        Assert.That(await waiting.WaitAsync(Clients.Patience), Is.Zero);
        Assert.That(await ReadAsync(stream), Is.EqualTo(3));
        Assert.That(_buffer[..3], Is.EqualTo("abc"u8.ToArray()));
    }

    [Test]
    public async Task FIN_is_the_end_behind_what_came_before_and_writing_goes_on()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        byte[] sent = Clients.Pattern(1_000, 9);
        await Clients.SendAllAsync(client, sent);
        client.Shutdown(SocketShutdown.Send);
        var got = new MemoryStream();
        while (await ReadAsync(stream) is > 0 and int count)
        {
            got.Write(_buffer, 0, count);
        }

        Assert.That(got.ToArray(), Is.EqualTo(sent));
        Assert.That(await ReadAsync(stream), Is.Zero, "and again");
        await stream.WriteAsync("late"u8.ToArray()).AsTask().WaitAsync(Clients.Patience);
        stream.Dispose();
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("late"u8.ToArray()));
        await _journal.AwaitAsync(2);
        Assert.That(_journal.Entries, Does.Contain("delay False"));
        Assert.That(_server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Reset_fails_a_read_that_is_pending_and_what_follows()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        Task<int> reading = ReadAsync(stream);
        await PassTurnAsync(stream);
        Clients.Reset(client);
        IOException? over = Assert.ThrowsAsync<IOException>(() => reading);
        Assert.That(over!.Message, Does.StartWith("The connection is over: Reset."));
        Assert.That(over.InnerException, Is.TypeOf<SessionEndedException>());
        Assert.ThrowsAsync<IOException>(() => ReadAsync(stream));
        Assert.ThrowsAsync<IOException>(() => stream.WriteAsync(_buffer).AsTask());
    }

    [Test]
    public async Task Close_by_the_handle_fails_a_read_that_is_pending()
    {
        (Socket client, ConnectionHandle handle, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task<int> reading = ReadAsync(stream);
        await PassTurnAsync(stream);
        Assert.That(handle.TryClose());
        IOException? over = Assert.ThrowsAsync<IOException>(() => reading);
        Assert.That(over!.Message, Does.StartWith("The connection is over: Local."));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
    }

    [Test]
    public async Task Stop_is_the_end_for_a_read_that_is_pending_and_what_is_written_then_is_sent()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task<int> reading = ReadAsync(stream);
        await PassTurnAsync(stream);
        Task stopping = _server.StopAsync(Clients.Patience);
        Assert.That(await reading.WaitAsync(Clients.Patience), Is.Zero);
        await stream.WriteAsync("stopped"u8.ToArray()).AsTask().WaitAsync(Clients.Patience);
        stream.Dispose();
        _loan.Return();
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("stopped"u8.ToArray()));
        closed.Dispose();
        await stopping.WaitAsync(Clients.Patience);
        Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(stream));
    }

    [Test]
    public async Task Stop_that_waits_no_longer_fails_what_is_pending_and_what_comes_later()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task writing = stream.WriteAsync(new byte[Large]).AsTask();
        await _server.StopAsync(TimeSpan.FromMilliseconds(50)).WaitAsync(Clients.Patience);
        Assert.ThrowsAsync<IOException>(() => writing.WaitAsync(Clients.Patience));
        Assert.ThrowsAsync<IOException>(() => ReadAsync(stream));
    }

    [Test]
    public async Task Session_that_returns_fails_a_read_that_is_pending()
    {
        var loan = new StreamLoan();
        GainServer server = Start(new StreamQuitter(loan), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        (_, Stream stream) = await loan.TakeAsync();
        Task<int> reading = ReadAsync(stream);
        await PassTurnAsync(stream);
        loan.Return();
        IOException? over = Assert.ThrowsAsync<IOException>(() => reading);
        Assert.That(over!.Message, Does.StartWith("The session has returned."));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
    }

    [Test]
    public async Task Dispose_fails_a_read_that_is_pending_and_closes_behind_what_was_written()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task<int> reading = ReadAsync(stream);
        await stream.WriteAsync("last"u8.ToArray()).AsTask().WaitAsync(Clients.Patience);
        stream.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => reading);
        Assert.ThrowsAsync<ObjectDisposedException>(() => stream.WriteAsync(_buffer).AsTask());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("last"u8.ToArray()));
        await _journal.AwaitAsync(2);
        Assert.That(_journal.Entries, Is.EqualTo(new[] { "delay False", "close Local" }));
    }

    [Test]
    public async Task Cancelled_read_leaves_what_comes_to_the_next()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        using var source = new CancellationTokenSource();
        Task<int> reading = stream.ReadAsync(_buffer, source.Token).AsTask();
        await PassTurnAsync(stream);
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => reading.WaitAsync(Clients.Patience));
        await Clients.SendAllAsync(client, "abc"u8.ToArray());
        Assert.That(await ReadAsync(stream), Is.EqualTo(3));
        Assert.CatchAsync<OperationCanceledException>(() => stream.ReadAsync(_buffer, source.Token).AsTask());
    }

    [Test]
    public async Task Write_waits_for_a_slow_reader_who_gets_everything()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        byte[] sent = Clients.Pattern(Large, 4);
        Task writing = stream.WriteAsync(sent).AsTask();
        await PassTurnAsync();
        Assert.That(writing.IsCompleted, Is.False);
        Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync(sent).AsTask());
        Assert.That(await Clients.ReceiveExactlyAsync(client, Large), Is.EqualTo(sent));
        await writing.WaitAsync(Clients.Patience);
        await Task.Run(() => stream.Write("x"u8.ToArray(), 0, 1)).WaitAsync(Clients.Patience);
        await stream.FlushAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveExactlyAsync(client, 1), Is.EqualTo("x"u8.ToArray()));
    }

    [Test]
    public async Task Cancelled_write_waits_no_longer()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        using var source = new CancellationTokenSource();
        Task writing = stream.WriteAsync(new byte[Large], source.Token).AsTask();
        await PassTurnAsync();
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => writing.WaitAsync(Clients.Patience));
    }

    [Test]
    public async Task Second_read_at_the_same_time_throws_and_the_first_goes_on()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        Task<int> reading = ReadAsync(stream);
        InvalidOperationException? busy = Assert.ThrowsAsync<InvalidOperationException>(
            () => ReadAsync(stream));
        Assert.That(busy!.Message, Does.StartWith("A read of the stream was begun while one is under way"));
        await Clients.SendAllAsync(client, "abc"u8.ToArray());
        Assert.That(await reading.WaitAsync(Clients.Patience), Is.EqualTo(3));
    }

    [Test]
    public async Task Continuation_on_another_thread_does_not_run_on_the_worker()
    {
        (Socket client, _, Stream stream) = await LendAsync();
        using Socket closed = client;
        ValueTask<int> reading = stream.ReadAsync(_buffer);
        bool isOnWorker = true;
        Task after = Task.Run(async () =>
        {
            await reading.ConfigureAwait(false);
            isOnWorker = !Thread.CurrentThread.IsThreadPoolThread;
        });
        await PassTurnAsync();
        await Clients.SendAllAsync(client, "abc"u8.ToArray());
        await after.WaitAsync(Clients.Patience);
        Assert.That(isOnWorker, Is.False);
    }

    private async Task<(Socket Client, ConnectionHandle Handle, Stream Stream)> LendAsync()
    {
        _journal = new Journal();
        _loan = new StreamLoan();
        _server = Start(
            new StreamLender(_loan, _journal),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        Socket client = await Clients.ConnectAsync(_server);
        (ConnectionHandle handle, Stream stream) = await _loan.TakeAsync();
        return (client, handle, stream);
    }

    private Task<int> ReadAsync(Stream stream) =>
        stream.ReadAsync(_buffer).AsTask().WaitAsync(Clients.Patience);

    // What was sent to the worker before has been looked at when this is over.
    private static async Task PassTurnAsync(Stream stream) =>
        await stream.WriteAsync(Memory<byte>.Empty).AsTask().WaitAsync(Clients.Patience);

    private async Task PassTurnAsync()
    {
        // Another connection, as the stream is busy.
        using Socket other = await Clients.ConnectAsync(_server);
        Clients.Reset(other);
        await _journal.AwaitAsync(1);
    }
}
