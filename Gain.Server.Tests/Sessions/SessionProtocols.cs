using System.Text;

namespace Gain.Tests.Server.Sessions;

/// <summary>Echoes what it reads.</summary>
[GainProtocol]
internal partial struct SessionEcho
{
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            s.Send(s.Data);
            s.Consume(s.Data.Length);
        }
    }
}

/// <summary>Echoes whole groups of four bytes, and at the end what was left, in brackets.</summary>
[GainProtocol]
internal partial struct SessionGroups
{
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            int whole = s.Data.Length & ~3;
            s.Send(s.Data[..whole]);
            s.Consume(whole);
        }

        s.Send("["u8);
        s.Send(s.Data);
        s.Send("]"u8);
    }
}

/// <summary>Echoes frames; each by way of a part that waits, with another one in it.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 1_000)]
internal partial struct SessionLines
{
    private static async Session OnSession(SessionContext s)
    {
        while (await Line(s) is { } length)
        {
            if (s.Data.Length != length)
            {
                throw new InvalidOperationException("The frame is another one than the part has seen.");
            }

            SendFrame(s.Connection, s.Data);
        }

        s.Send("bye"u8);
    }

    private static async Part<int?> Line(SessionContext s) => await Wait(s) ? s.Data.Length : null;

    private static async Part<bool> Wait(SessionContext s) => await s.Frame();
}

/// <summary>A login in lines, with what a session may do between them.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 1_000)]
internal partial struct SessionDialogue(Journal journal, SessionGate gate)
{
    public readonly Journal Journal => journal;

    public readonly SessionGate Gate => gate;

    public int Commands { get; set; }

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<SessionDialogue>().Journal;
        SessionGate gate = s.Handler<SessionDialogue>().Gate;
        gate.Latest = s.Handle;
        int worker = Environment.CurrentManagedThreadId;
        try
        {
            while (await s.Frame())
            {
                s.Handler<SessionDialogue>().Commands++;
                string command = Encoding.ASCII.GetString(s.Data);
                await Obey(s, command, gate, journal);
                Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(worker), "another thread");
            }

            journal.Add("false");
        }
        catch (SessionEndedException)
        {
            journal.Add("ended");
            throw;
        }
        finally
        {
            journal.Add("finally");
        }
    }

    private static async Part Obey(SessionContext s, string command, SessionGate gate, Journal journal)
    {
        switch (command)
        {
            case "delay":
                Assert.That(await s.Delay(TimeSpan.FromMilliseconds(1)), Is.True);
                break;
            case "long":
                journal.Add("long");
                journal.Add($"delay {await s.Delay(TimeSpan.FromDays(1))}");
                break;
            case "away":
                string answer = await gate.AskAsync();
                s.Send(Encoding.ASCII.GetBytes(answer));
                break;
            case "unconfigured":
                answer = await gate.AskAsync().ConfigureAwait(false);
                s.Send(Encoding.ASCII.GetBytes(answer));
                break;
            case "task":
                s.Send(Encoding.ASCII.GetBytes(await AskByTask(s, gate)));
                break;
            case "run":
                s.Send(Encoding.ASCII.GetBytes(await Task.Run(() => "ran\n")));
                break;
            case "yield":
                await Task.Yield();
                s.Send("yielded\n"u8);
                return;
            case "throw":
                throw new InvalidOperationException("as asked");
            case "close":
                s.Connection.Close();
                return;
            case "abort":
                s.Connection.Abort();
                return;
            case "flood":
                await Flood(s, journal);
                return;
        }

        SendFrame(s.Connection, Encoding.ASCII.GetBytes(command));
    }

    private static async Part Flood(SessionContext s, Journal journal)
    {
        byte[] block = new byte[100_000];
        for (int i = 0; i < 100; i++)
        {
            s.Send(block);
            if (s.Connection.IsCongested)
            {
                journal.Add("congested");
            }

            if (!await s.Drained())
            {
                journal.Add("drained false");
                return;
            }
        }
    }

    private static async Task<string> AskByTask(SessionContext s, SessionGate gate)
    {
        int worker = Environment.CurrentManagedThreadId;
        string answer = await gate.AskAsync();
        Assert.That(Environment.CurrentManagedThreadId, Is.EqualTo(worker));
        s.Send("task "u8);
        return answer;
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason} {Commands}");
}

/// <summary>What sessions ask of other threads, which a test answers.</summary>
internal sealed class SessionGate
{
    private readonly SemaphoreSlim _asked = new(0);
    private readonly Queue<TaskCompletionSource<string>> _questions = new();

    /// <summary>The connection whose session has begun last.</summary>
    public ConnectionHandle Latest { get; set; }

    public Task<string> AskAsync()
    {
        // The continuation runs where it is answered.
        var question = new TaskCompletionSource<string>();
        lock (_questions)
        {
            _questions.Enqueue(question);
        }

        _asked.Release();
        return question.Task;
    }

    public async Task<TaskCompletionSource<string>> TakeAsync()
    {
        Assert.That(await _asked.WaitAsync(Clients.Patience), "nobody has asked");
        lock (_questions)
        {
            return _questions.Dequeue();
        }
    }
}
