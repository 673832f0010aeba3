using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>Answers that come later, from other threads: FIN, Close and a stop wait for them.</summary>
public class HoldTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Answers_to_pipelined_lines_and_a_FIN_all_arrive_though_they_come_later()
    {
        var asked = new Questions();
        GainServer server = Start(new HeldLines(asked), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntwo\nthree\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        List<Question> questions = await asked.TakeAsync(3);
        await PassTurnsAsync(server);
        Assert.That(asked.Journal.Entries, Is.Empty, "the FIN has closed it");
        foreach (Question question in questions)
        {
            Assert.That(question.Hold.IsDue);
            Assert.That(question.Hold.TryAnswer(Encoding.ASCII.GetBytes($"{question.Line}!\n")));
        }

        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("one!\ntwo!\nthree!\n"));
        Assert.That(await asked.Journal.AwaitAsync(1), Is.EqualTo(new[] { "close PeerClosed" }));
    }

    [Test]
    public async Task Close_waits_for_the_answer_that_is_due()
    {
        var asked = new Questions();
        GainServer server = Start(new HeldLines(asked), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "bye\nnot delivered anymore\n"u8.ToArray());
        Question question = (await asked.TakeAsync(1))[0];
        await PassTurnsAsync(server);
        Assert.That(question.Hold.TryAnswer("good bye\n"u8));
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("good bye\n"));
        Assert.That(await asked.Journal.AwaitAsync(1), Is.EqualTo(new[] { "close Local" }));
        Assert.That(asked.Count, Is.Zero, "a line was delivered after Close");
    }

    [Test]
    public async Task Stop_waits_for_the_answer_that_is_due()
    {
        var asked = new Questions();
        GainServer server = Start(
            new HeldLines(asked),
            new GainOptions { WorkerCount = 1, Timeouts = { Linger = ShortLinger } });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        Question question = (await asked.TakeAsync(1))[0];
        Task stopped = server.StopAsync(Clients.Patience);

        // Those who are idle are told that the server has gone on to the end.
        Assert.That(question.Hold.TryAnswer("late\n"u8));
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("late\n"));
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(asked.Journal.Entries, Is.EqualTo(new[] { "close ServerStopped" }));
    }

    [Test]
    public async Task What_is_held_when_a_stop_is_over_is_reset_and_an_answer_to_it_does_nothing()
    {
        var asked = new Questions();
        GainServer server = Start(new HeldLines(asked), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        Question question = (await asked.TakeAsync(1))[0];
        await server.StopAsync(TimeSpan.FromMilliseconds(20)).WaitAsync(Clients.Patience);
        Assert.That(asked.Journal.Entries, Is.EqualTo(new[] { "close Aborted" }));
        Assert.That(question.Hold.TryAnswer("late\n"u8));
        question.Hold.Release();
    }

    [Test]
    public async Task Released_without_an_answer_it_closes_behind_what_its_handle_has_sent()
    {
        var asked = new Questions();
        GainServer server = Start(new HeldLines(asked), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntwo\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        List<Question> questions = await asked.TakeAsync(2);
        questions[1].Hold.Release();
        Assert.That(questions[1].Hold.IsDue, Is.False);
        await PassTurnsAsync(server);
        Assert.That(asked.Journal.Entries, Is.Empty, "one answer is still due");
        for (int i = 0; i < 100; i++)
        {
            Assert.That(questions[0].Hold.Handle.TrySend("x"u8));
        }

        questions[0].Hold.Release();
        questions[0].Hold.Release();
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo(new string('x', 100)));
    }

    [Test]
    public async Task Answer_that_nobody_gives_is_given_up_at_its_deadline_counted_and_logged()
    {
        var asked = new Questions();
        var logger = new RecordingLogger();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Timeouts = { Hold = TimeSpan.FromMilliseconds(30) },
            Logger = logger,
        };
        GainServer server = Start(new HeldLines(asked), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\ntwo\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await ReceiveTextAsync(client), Is.Empty);
        Assert.That(server.Statistics.ExpiredHolds, Is.EqualTo(2));
        Assert.That(
            logger.Messages.Entries,
            Has.Some.Contains("an answer of HeldLines that nobody sent or released"));
        Assert.That((await asked.TakeAsync(2)).Exists(question => question.Hold.IsDue), Is.False);
    }

    [Test]
    public async Task More_answers_than_may_be_due_are_refused_and_places_come_back()
    {
        var asked = new Questions();
        GainServer server =
            Start(new HeldLines(asked), new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxHoldsPerWorker = 2 },
            });
        using Socket client = await Clients.ConnectAsync(server);
        for (int round = 0; round < 3; round++)
        {
            await Clients.SendAllAsync(client, "one\ntwo\nthree\n"u8.ToArray());
            Assert.That(
                await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("full\n"u8.ToArray()), "the third");
            foreach (Question question in await asked.TakeAsync(2))
            {
                Assert.That(question.Hold.TryAnswer("ok\n"u8));
            }

            Assert.That(await Clients.ReceiveExactlyAsync(client, 6), Is.EqualTo("ok\nok\n"u8.ToArray()));

            // A place is free when the worker has seen to the release, which is the turn after the answer's.
            await PassTurnsAsync(server);
        }
    }

    [Test]
    public async Task Reset_ends_a_connection_at_once_and_its_answers_go_nowhere()
    {
        var asked = new Questions();
        GainServer server =
            Start(new HeldLines(asked), new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxConnectionsPerWorker = 1 },
            });
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        Question question = (await asked.TakeAsync(1))[0];
        Clients.Reset(client);
        Assert.That(await asked.Journal.AwaitAsync(1), Is.EqualTo(new[] { "close Reset" }));
        Assert.That(question.Hold.TryAnswer("late\n"u8));

        // Another one has the slot, and is told nothing of it.
        using Socket next = await ConnectServedAsync(server, asked);
        await Clients.SendAllAsync(next, "two\n"u8.ToArray());
        Assert.That((await asked.TakeAsync(1))[0].Hold.TryAnswer("two\n"u8));
        Assert.That(await Clients.ReceiveExactlyAsync(next, 4), Is.EqualTo("two\n"u8.ToArray()));
    }

    [Test]
    public async Task Release_needs_no_room_in_the_mailbox()
    {
        var asked = new Questions();
        using var gate = new Overload.Gate();
        var options = new GainOptions { WorkerCount = 1, Limits = { MailboxCapacity = 2 } };
        GainServer server = Start(new HeldLines(asked) { Gate = gate }, options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "one\n"u8.ToArray());
        Question question = (await asked.TakeAsync(1))[0];
        await Clients.SendAllAsync(client, "gate\n"u8.ToArray());
        client.Shutdown(SocketShutdown.Send);
        await gate.AwaitEnteredAsync(1);
        while (question.Hold.Handle.TrySend("x"u8))
        {
            // Until the mailbox is full.
        }

        Assert.That(question.Hold.TryAnswer("late\n"u8, out PostFailure failure), Is.False);
        Assert.That(failure, Is.EqualTo(PostFailure.MailboxFull));
        Assert.That(question.Hold.IsDue);
        question.Hold.Release();
        gate.Open();
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("xx"));
    }

    [Test]
    public async Task What_a_callback_sends_by_Send_by_its_handle_and_as_an_answer_keeps_its_order()
    {
        GainServer server = Start(default(MixedWriter), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        Assert.That(await ReceiveTextAsync(client), Is.EqualTo("abcdefg"));
    }

    // What comes by mail is seen to in a turn of its own, and by then what had arrived before has been
    // dispatched.
    private static async Task PassTurnsAsync(GainServer server)
    {
        for (int i = 0; i < 3; i++)
        {
            using Socket other = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(other, "echo\n"u8.ToArray());
            await Clients.ReceiveExactlyAsync(other, 5);
            Clients.Reset(other);
        }
    }

    private static async Task<Socket> ConnectServedAsync(GainServer server, Questions asked)
    {
        while (true)
        {
            // The place is free when the descriptor of the one before is closed.
            Socket? client = await Clients.TryConnectAsync(server);
            if (client is not null)
            {
                try
                {
                    await Clients.SendAllAsync(client, "echo\n"u8.ToArray());
                    await Clients.ReceiveExactlyAsync(client, 5);
                    return client;
                }
                catch (Exception refused) when (refused is SocketException or AssertionException)
                {
                    client.Dispose();
                }
            }

            Assert.That(asked.Count, Is.Zero);
        }
    }

    private static async Task<string> ReceiveTextAsync(Socket client) =>
        Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
}

internal sealed record Question(string Line, ConnectionHold Hold);

/// <summary>What a handler was asked and has not answered.</summary>
internal sealed class Questions
{
    private readonly ConcurrentQueue<Question> _questions = new();
    private readonly SemaphoreSlim _added = new(0);

    public Journal Journal { get; } = new();

    public int Count => _questions.Count;

    public void Add(Question question)
    {
        _questions.Enqueue(question);
        _added.Release();
    }

    public async Task<List<Question>> TakeAsync(int count)
    {
        var taken = new List<Question>();
        while (taken.Count < count)
        {
            Assert.That(await _added.WaitAsync(Clients.Patience), $"only {taken.Count} of {count}");
            Assert.That(_questions.TryDequeue(out Question? question));
            taken.Add(question!);
        }

        return taken;
    }
}

/// <summary>Has its lines answered by others; but "echo" it answers itself, and after "bye" it
/// closes.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 100)]
internal partial struct HeldLines(Questions asked)
{
    private bool _wasAsked;

    public Overload.Gate? Gate { get; init; }

    private void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        string text = Encoding.ASCII.GetString(line);
        switch (text)
        {
            case "echo":
                connection.Send("echo\n"u8);
                return;
            case "gate":
                Gate!.Pass();
                return;
        }

        if (!connection.TryHold(out ConnectionHold hold))
        {
            connection.Send("full\n"u8);
            return;
        }

        _wasAsked = true;
        asked.Add(new Question(text, hold));
        if (text == "bye")
        {
            connection.Close();
        }
    }

    private readonly void OnClose(CloseReason reason)
    {
        if (_wasAsked)
        {
            asked.Journal.Add($"close {reason}");
        }
    }
}

[GainProtocol]
internal readonly partial struct MixedWriter
{
    private void OnRead(Connection connection)
    {
        ConnectionHandle handle = connection.Handle;
        ConnectionHold hold = connection.Hold();
        var room = new Dictionary<string, ConnectionHandle> { ["me"] = handle };
        connection.Send("a"u8);
        Assert.That(handle.TrySend("b"u8));
        connection.Send("c"u8);
        foreach (ConnectionHandle member in room.Values)
        {
            Assert.That(member.TrySend("d"u8));
        }

        connection.Send("e"u8);
        Assert.That(hold.TryAnswer("f"u8));
        connection.Send("g"u8);
        connection.Close();
    }
}
