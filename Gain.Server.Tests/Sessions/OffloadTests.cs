using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Sessions;

/// <summary>Work of sessions on other threads, and what is refused.</summary>
public class OffloadTests(GainRing ring) : ServerTest(ring)
{
    private Journal _journal = new();

    private SemaphoreSlim _gate = null!;

    [SetUp]
    public void Open()
    {
        _gate = new SemaphoreSlim(0);
        _journal = new Journal();
    }

    [TearDown]
    public void LetGo()
    {
        _gate.Release(100);
        _gate.Dispose();
    }

    [Test]
    public async Task Work_is_done_on_another_thread_and_the_session_comes_back()
    {
        GainServer server = Start(most: 1, waiting: 1);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "work\nwork\n"u8.ToArray());
        _gate.Release(2);
        Assert.That(await ReceiveTextAsync(client, 6), Is.EqualTo("42\n42\n"));
    }

    [Test]
    public async Task Work_that_exceeds_the_limits_is_refused_and_there_is_room_later()
    {
        GainServer server = Start(most: 1, waiting: 1);
        using Socket first = await Clients.ConnectAsync(server);
        using Socket second = await Clients.ConnectAsync(server);
        using Socket third = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(first, "work\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 1);
        await Clients.SendAllAsync(second, "work\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 2);
        await Clients.SendAllAsync(third, "work\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(third, 5), Is.EqualTo("busy\n"));
        _gate.Release(2);
        Assert.That(await ReceiveTextAsync(first, 3), Is.EqualTo("42\n"));
        Assert.That(await ReceiveTextAsync(second, 3), Is.EqualTo("42\n"));
        _gate.Release();
        await Clients.SendAllAsync(third, "work\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(third, 3), Is.EqualTo("42\n"));
    }

    [Test]
    public async Task What_work_throws_is_thrown_by_the_await()
    {
        GainServer server = Start(most: 1, waiting: 0);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "throw\nthrow\n"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client, 18), Is.EqualTo("as asked\nas asked\n"));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Reset_while_work_is_done_ends_the_session_when_it_comes_back()
    {
        GainServer server = Start(most: 1, waiting: 0);
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "work\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 1);
        Clients.Reset(client);
        await _journal.AwaitAsync(entry => entry == "close Reset", 1);
        _gate.Release();
        await _journal.AwaitAsync(entry => entry == "ended True", 1);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Stop_waits_for_work_and_its_answer_is_sent()
    {
        GainServer server = Start(most: 1, waiting: 0);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "work\n"u8.ToArray());
        await _journal.AwaitAsync(entry => entry == "asked", 1);
        Task stopping = server.StopAsync(Clients.Patience);
        _gate.Release();
        Assert.That(await ReceiveTextAsync(client, 3), Is.EqualTo("42\n"));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Dispose();
        await stopping.WaitAsync(Clients.Patience);
    }

    [Test]
    public void Result_of_a_refusal_throws()
    {
        Offloaded<int> refused = default;
        Assert.That(refused.IsRefused);
        Assert.That(refused.TryGet(out _), Is.False);
        Assert.That(() => refused.Result, Throws.InvalidOperationException);
    }

    private GainServer Start(int most, int waiting) => Start(
        new SessionOffloader(_journal, _gate),
        new GainOptions
        {
            WorkerCount = 2,
            Limits = { MaxOffloads = most, MaxOffloadsWaiting = waiting },
            Timeouts = { Linger = ShortLinger },
        });

    private static async Task<string> ReceiveTextAsync(Socket client, int count) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, count));
}

/// <summary>Works for each line, elsewhere.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 100)]
internal partial struct SessionOffloader(Journal journal, SemaphoreSlim gate)
{
    private readonly Journal Journal => journal;

    private readonly SemaphoreSlim Gate => gate;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<SessionOffloader>().Journal;
        SemaphoreSlim gate = s.Handler<SessionOffloader>().Gate;
        int worker = Environment.CurrentManagedThreadId;
        while (await s.Frame())
        {
            bool throws = s.Data.SequenceEqual("throw"u8);
            try
            {
                Task<Offloaded<int>> work = s.Offload(() => throws
                    ? throw new InvalidOperationException("as asked\n")
                    : Compute(gate, worker));
                journal.Add("asked");
                Offloaded<int> answer = await work;
                Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(worker), "another thread");
                if (s.IsEnded)
                {
                    journal.Add($"ended {answer.Result == 42}");
                }

                s.Send(answer.TryGet(out int number) ? Encoding.ASCII.GetBytes($"{number}\n") : "busy\n"u8);
            }
            catch (InvalidOperationException error) when (error is not SessionEndedException)
            {
                s.Send(Encoding.ASCII.GetBytes(error.Message));
            }
        }
    }

    private static int Compute(SemaphoreSlim gate, int worker)
    {
        Assert.That(Environment.CurrentManagedThreadId, Is.Not.EqualTo(worker), "on the worker");
        Assert.That(gate.Wait(Clients.Patience));
        return 42;
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
