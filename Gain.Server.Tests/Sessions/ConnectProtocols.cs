using System.Text;

namespace Gain.Tests.Server.Sessions;

/// <summary>Dials for each line, and says what has come of it.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 100)]
internal partial struct SessionConnector(Journal journal, DialTarget target)
{
    private readonly Journal Journal => journal;

    private readonly DialTarget Target => target;

    private static async Session OnSession(SessionContext s)
    {
        Journal journal = s.Handler<SessionConnector>().Journal;
        DialTarget target = s.Handler<SessionConnector>().Target;
        ConnectionHandle latest = default;
        try
        {
            while (await s.Frame())
            {
                latest = await Obey(s, Encoding.ASCII.GetString(s.Data), journal, target);
            }
        }
        finally
        {
            _ = latest.TryClose();
        }
    }

    private static async Part<ConnectionHandle> Obey(
        SessionContext s, string command, Journal journal, DialTarget target)
    {
        journal.Add("asked");
        Connected up = command switch
        {
            "prototype" => await s.Connect<ConnectedEnd>(target),
            "unknown" => await s.Connect(new SessionEcho(), target),
            "twice" => await Twice(s, target),
            _ => await s.Connect(new ConnectedEnd(journal, command), target),
        };
        if (!up.TryGet(out ConnectionHandle handle))
        {
            journal.Add($"told {up.Failure.Reason}");
            s.Send(Encoding.ASCII.GetBytes($"{up.Failure.Reason}\n"));
        }
        else if (command == "couple")
        {
            journal.Add("resumed");
            if (s.Connection.TryBorrow(handle, out Connection other))
            {
                other.Send("hello\n"u8);
            }

            Assert.That(s.Connection.TryCouple(up.Handle));
            await s.Delay(Timeout.InfiniteTimeSpan);
        }
        else
        {
            s.Send("up\n"u8);
        }

        return up.IsUp ? up.Handle : default;
    }

    private static async Part<Connected> Twice(SessionContext s, DialTarget target)
    {
        Part<Connected> first = s.Connect<ConnectedEnd>(target);
        try
        {
            _ = await s.Connect<ConnectedEnd>(target);
        }
        catch (InvalidOperationException refused)
        {
            s.Send(Encoding.ASCII.GetBytes($"{refused.Message}\n"));
        }

        return await first;
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>What such a session dials with.</summary>
[GainProtocol]
internal partial struct ConnectedEnd(Journal journal, string name)
{
    private readonly void OnConnect()
    {
        journal.Add($"connect {name}");
        if (name == "throw")
        {
            throw new InvalidOperationException("as asked");
        }
    }

    private readonly void OnConnectFailed(ConnectFailure failure) => journal.Add($"failed {failure.Reason}");

    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = data;

    private readonly void OnClose(CloseReason reason) => journal.Add($"closed {name} {reason}");
}

/// <summary>Dials in vain many times for each byte.</summary>
[GainProtocol]
internal partial struct SessionRedialler(DialTarget target)
{
    private readonly DialTarget Target => target;

    private static async Session OnSession(SessionContext s)
    {
        while (await s.Read())
        {
            s.Consume(s.Data.Length);
            for (int i = 0; i < 1_000; i++)
            {
                Connected up = await s.Connect(new RediallerEnd(), s.Handler<SessionRedialler>().Target);
                Assert.That(up.Failure.Reason, Is.EqualTo(ConnectFailureReason.NoAddress));
            }

            s.Send("."u8);
        }
    }
}

/// <summary>What it dials with.</summary>
[GainProtocol]
internal partial struct RediallerEnd
{
    private readonly void OnRead(ReadOnlySpan<byte> data) => _ = data;
}
