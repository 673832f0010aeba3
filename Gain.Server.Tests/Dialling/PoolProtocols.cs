using System.Text;

namespace Gain.Tests.Server.Dialling;

/// <summary>Rents a connection for each byte that it reads, and writes to the last one for an "s".</summary>
[GainProtocol]
internal partial struct Renting(Borrowed outgoing, DialTarget target)
{
    private ConnectionHandle _last;

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        foreach (byte what in data)
        {
            switch (what)
            {
                case (byte)'s':
                    _ = _last.TrySend("stale"u8);
                    break;
                case (byte)'c':
                    _ = connection.Rent(in outgoing, target).TryClose();
                    break;
                default:
                    _last = connection.Rent(in outgoing, target);
                    break;
            }
        }
    }
}

/// <summary>Asks, and gives its connection back when it has read the answer.</summary>
[GainProtocol]
internal partial struct Borrowed(Journal journal, string request, bool isUnsent = false)
{
    private readonly void OnConnect(Connection connection)
    {
        journal.Add("connect");
        connection.Send(Encoding.ASCII.GetBytes(request));
    }

    private readonly void OnConnectFailed(ConnectFailure failure) => journal.Add($"failed {failure.Reason}");

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        string text = Encoding.ASCII.GetString(data);
        journal.Add($"read {text.Split("\r\n\r\n")[^1].Trim()}");
        if (isUnsent)
        {
            connection.Send("more"u8);
            Assert.That(connection.TryReturn(), Is.False);
        }

        try
        {
            connection.Return();
        }
        catch (InvalidOperationException refused)
        {
            journal.Add(refused.Message);
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Ends its connection when it has read something, and does not give it back.</summary>
[GainProtocol]
internal partial struct Ending(Journal journal)
{
    private readonly void OnRead(Connection connection) => connection.Close();

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Gives its connection back at the first line that it reads.</summary>
[GainProtocol, Delimited("\n", MaxFrameLength = 100)]
internal partial struct BorrowedLine(Journal journal)
{
    private readonly void OnConnect() => journal.Add("connect");

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        journal.Add($"frame {Encoding.ASCII.GetString(line)}");
        connection.Return();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Gives its connection back by a timer, with all that it has read left unused.</summary>
[GainProtocol]
internal partial struct BorrowedUnread(Journal journal)
{
    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        journal.Add($"read {data.Length}");
        connection.SetTimer(TimeSpan.Zero);
        return 0;
    }

    private readonly void OnTimer(Connection connection) => connection.Return();

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Rents and gives back, again and again.</summary>
[GainProtocol]
internal partial struct BorrowedAgain(DialTarget target, int times, DialCountdown countdown)
{
    private readonly void OnConnect(Connection connection) => connection.Send("x"u8);

    private readonly void OnRead(Connection connection)
    {
        connection.Return();
        if (!countdown.IsOver())
        {
            connection.Rent(new BorrowedAgain(target, times, countdown), target);
        }
    }
}
