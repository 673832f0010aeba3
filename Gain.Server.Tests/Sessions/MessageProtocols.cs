using System.Text;

namespace Gain.Tests.Server.Sessions;

internal readonly record struct Tick(int Number);

internal sealed record Note(string Text);

/// <summary>Does with its messages what the lines say.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 100), SessionMessage<Tick>]
internal partial struct SessionSubscriber(Journal journal, SessionGate gate)
{
    private readonly Journal Journal => journal;

    private readonly SessionGate Gate => gate;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<SessionSubscriber>().Journal;
        SessionGate gate = s.Handler<SessionSubscriber>().Gate;
        gate.Latest = s.Handle;
        try
        {
            while (await s.Frame())
            {
                await Obey(s, Encoding.ASCII.GetString(s.Data), gate, journal);
            }
        }
        catch (SessionEndedException ended)
        {
            journal.Add($"ended: {ended.Message}");
            throw;
        }
    }

    private static async Part Obey(SessionContext s, string command, SessionGate gate, Journal journal)
    {
        switch (command)
        {
            case "all":
                await TakeAll(s, journal);
                break;
            case "again":
                await TakeAll(s, journal);
                await s.Message<Tick>();
                break;
            case "away":
                s.Send(Encoding.ASCII.GetBytes(await gate.AskAsync()));
                await TakeAll(s, journal);
                break;
            case "echo":
                s.Send("echo\n"u8);
                break;
            default:
                for (int i = int.Parse(command); i > 0; i--)
                {
                    s.Send(Encoding.ASCII.GetBytes($"{(await s.Message<Tick>())?.Number}\n"));
                }

                break;
        }
    }

    private static async Part TakeAll(SessionContext s, Journal journal)
    {
        journal.Add("takes");
        while (await s.Message<Tick>() is { } tick)
        {
            s.Send(Encoding.ASCII.GetBytes($"{tick.Number}\n"));
        }

        journal.Add("null");
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Echoes messages that are objects.</summary>
[GainProtocol, SessionMessage<Note>]
internal partial struct SessionNotes(Journal journal, SessionGate gate)
{
    private readonly Journal Journal => journal;

    private readonly SessionGate Gate => gate;

    private static async Session OnSession(SessionContext s)
    {
        s.Handler<SessionNotes>().Gate.Latest = s.Handle;
        s.Handler<SessionNotes>().Journal.Add("takes");
        while (await s.Message<Note>() is { } note)
        {
            s.Send(Encoding.ASCII.GetBytes(note.Text));
        }
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}

/// <summary>Counts its messages, and says so at each that is asked for.</summary>
[GainProtocol, SessionMessage<Tick>]
internal partial struct SessionCounter(SessionGate gate)
{
    private readonly SessionGate Gate => gate;

    private static async Session OnSession(SessionContext s)
    {
        s.Handler<SessionCounter>().Gate.Latest = s.Handle;
        s.Send("!"u8);
        long count = 0;
        while (await s.Message<Tick>() is { } tick)
        {
            count++;
            if (tick.Number == 0)
            {
                s.Send(Encoding.ASCII.GetBytes($"{count}\n"));
                count = 0;
            }
        }
    }
}

/// <summary>Waits wrongly, and says what was thrown.</summary>
[GainProtocol, SessionMessage<Tick>]
internal partial struct SessionMessageMisuser(string misuse)
{
    private readonly string Misuse => misuse;

    private static async Session OnSession(SessionContext s)
    {
        try
        {
            switch (s.Handler<SessionMessageMisuser>().Misuse)
            {
                case "type":
                    await s.Message<Note>();
                    break;
                case "two":
                    Part<Tick?> first = s.Message<Tick>();
                    try
                    {
                        await s.Message<Tick>();
                    }
                    catch (InvalidOperationException fault)
                    {
                        s.Send(Encoding.ASCII.GetBytes(fault.Message));
                        s.Connection.Close();
                        await first;
                    }

                    break;
            }
        }
        catch (InvalidOperationException fault) when (fault is not SessionEndedException)
        {
            s.Send(Encoding.ASCII.GetBytes(fault.Message));
        }
    }
}

/// <summary>Has an <c>OnMessage</c>, and its session waits for messages.</summary>
[GainProtocol]
internal partial struct SessionWithoutInbox
{
    private static async Session OnSession(SessionContext s)
    {
        try
        {
            await s.Message<Tick>();
        }
        catch (InvalidOperationException fault)
        {
            s.Send(Encoding.ASCII.GetBytes(fault.Message));
        }
    }

    private static void OnMessage(Connection connection, Tick tick) => connection.Close();
}

/// <summary>Dials, and posts to the new connection before it is up.</summary>
[GainProtocol]
internal partial struct SessionPoster(DialTarget target)
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionHandle handle = connection.Dial(new SessionPosted(), target);
        Assert.That(handle.TryPost(new Tick(7)) && handle.TryPost(new Tick(8)));
    }
}

[GainProtocol, SessionMessage<Tick>]
internal partial struct SessionPosted
{
    private static async Session OnSession(SessionContext s)
    {
        while (await s.Message<Tick>() is { } tick)
        {
            s.Send(Encoding.ASCII.GetBytes($"{tick.Number}\n"));
        }
    }
}
