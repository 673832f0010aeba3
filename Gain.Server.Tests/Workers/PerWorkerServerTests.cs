using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>State that the connections of a worker share.</summary>
public sealed class PerWorkerServerTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Connections_of_a_worker_share_one_instance_of_each_type()
    {
        GainServer server = Start(new CountingProtocol(), new GainOptions { WorkerCount = 1 });
        for (int i = 1; i <= 3; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, new byte[] { 1 });
            Assert.That(
                await Clients.ReceiveExactlyAsync(client, 2), Is.EqualTo(new[] { (byte)i, (byte)(10 + i) }));
        }
    }

    [Test]
    public async Task Each_worker_makes_its_own_on_its_thread_and_disposes_it_there()
    {
        var journal = new Journal();
        var threads = new int[3];
        var options = new GainOptions { WorkerCount = 3 }.PerWorker(worker =>
        {
            threads[worker] = Environment.CurrentManagedThreadId;
            return new DisposableStore(worker, journal);
        });
        GainServer server = Start(new DisposingProtocol(), options);
        Assert.That(threads.Distinct().Count(), Is.EqualTo(3));
        for (int i = 0; i < 20; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, new byte[] { 1 });
            byte[] answer = await Clients.ReceiveExactlyAsync(client, 2);
            Assert.That(answer[0], Is.EqualTo(answer[1]), "the worker's index, and that of its instance");
        }

        Assert.That(journal.Entries, Is.Empty);
        await server.StopAsync();
        Assert.That(
            journal.Entries,
            Is.EquivalentTo(threads.Select((thread, worker) => $"disposed {worker} on {thread}")));
    }

    [Test]
    public void A_type_that_cannot_be_made_fails_the_start_and_names_itself() =>
        Assert.That(
            () => Start(new DisposingProtocol()),
            Throws.TypeOf<GainException>()
                .With.Property("ErrorCode").EqualTo(GainError.OptionInvalid)
                .And.Message.Contains(
                    "takes Gain.Tests.Server.DisposableStore from its worker, but no instance can be made: "
                    + "it has no public constructor without parameters")
                .And.Message.Contains("options.PerWorker<DisposableStore>"));

    [Test]
    public void A_factory_that_returns_null_fails_the_start() =>
        Assert.That(
            () => Start(
                new DisposingProtocol(), new GainOptions().PerWorker<DisposableStore>(static _ => null!)),
            Throws.TypeOf<GainException>().With.Message.Contains("returned null"));

    [Test]
    public void What_a_factory_or_a_constructor_throws_fails_the_start()
    {
        Assert.That(
            () => Start(
                new DisposingProtocol(),
                new GainOptions().PerWorker<DisposableStore>(
                    static _ => throw new InvalidOperationException("as asked"))),
            Throws.InvalidOperationException.With.Message.EqualTo("as asked"));
        Assert.That(
            () => Start(new ThrowingStoreProtocol()),
            Throws.InvalidOperationException.With.Message.EqualTo("as asked, too"));
    }

    [Test]
    public async Task A_throwing_Dispose_is_logged_and_the_others_are_disposed()
    {
        var journal = new Journal();
        var logger = new RecordingLogger();
        var options = new GainOptions { WorkerCount = 1, Logger = logger }
            .PerWorker(worker => new DisposableStore(worker, journal))
            .PerWorker(static _ => new UndisposableStore());
        GainServer server = Start(new TwoStoresProtocol(), options);
        await server.StopAsync();

        Assert.That(journal.Entries, Has.Length.EqualTo(1));
        Assert.That(
            logger.Messages.Entries,
            Has.Some.Contains("Dispose of a per-worker instance threw on worker 0"));
    }

    [Test]
    public void Options_are_copied_with_their_factories()
    {
        var options = new GainOptions { WorkerCount = 1 };
        options.PerWorker(static worker => new CountedStore { Count = 100 });
        GainServer server = Start(new CountingProtocol(), options);
        options.PerWorker<CountedStore>(static _ => throw new InvalidOperationException("too late"));
        Assert.That(server.IsRunning);
    }
}

/// <summary>Counts connections in a struct, and by a constructor of its own from 10 on in a class.</summary>
[GainProtocol]
internal partial struct CountingProtocol
{
    private static void OnAccept(ref CountedStore store, NumberedStore numbers)
    {
        store.Count++;
        numbers.Count++;
    }

    private static void OnRead(ref NumberedStore numbers, Connection connection, in CountedStore store) =>
        connection.Send([(byte)store.Count, (byte)numbers.Count]);
}

[PerWorker]
internal struct CountedStore
{
    public int Count;
}

[PerWorker]
internal sealed class NumberedStore
{
    public int Count { get; set; } = 10;
}

/// <summary>Answers with the worker's index and that which its instance was made with.</summary>
[GainProtocol]
internal partial struct DisposingProtocol
{
    private static void OnRead(Connection connection, DisposableStore store) =>
        connection.Send([(byte)connection.WorkerIndex, (byte)store.Worker]);
}

[PerWorker]
internal sealed class DisposableStore(int worker, Journal journal) : IDisposable
{
    public int Worker => worker;

    public void Dispose() => journal.Add($"disposed {worker} on {Environment.CurrentManagedThreadId}");
}

[PerWorker]
internal sealed class UndisposableStore : IDisposable
{
    public void Dispose() => throw new InvalidOperationException("as asked");
}

[GainProtocol]
internal partial struct TwoStoresProtocol
{
    private static void OnAccept(UndisposableStore first, DisposableStore second)
    {
        GC.KeepAlive(first);
        GC.KeepAlive(second);
    }
}

[PerWorker]
internal sealed class ThrowingStore
{
    public ThrowingStore() => throw new InvalidOperationException("as asked, too");
}

[GainProtocol]
internal partial struct ThrowingStoreProtocol
{
    private static void OnAccept(ThrowingStore store) => GC.KeepAlive(store);
}
