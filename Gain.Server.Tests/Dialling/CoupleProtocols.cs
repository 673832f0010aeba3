namespace Gain.Tests.Server.Dialling;

/// <summary>Dials when it is accepted, and couples the two at once, or when a line has come.</summary>
[GainProtocol]
internal partial struct Relay(
    Journal? journal, DialTarget target, bool atOnce, CouplingMode mode = CouplingMode.Copy)
{
    private readonly void OnAccept(Connection connection)
    {
        if (atOnce)
        {
            Couple(connection);
        }
    }

    // What stands behind the line is for the other end.
    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int end = data.IndexOf((byte)'\n') + 1;
        journal?.Add($"read {end}");
        if (end != 0)
        {
            Couple(connection);
        }

        return end;
    }

    private readonly void OnClose(CloseReason reason) => journal?.Add($"close {reason}");

    private readonly void Couple(Connection connection)
    {
        ConnectionHandle upstream = connection.Dial(new RelayEnd(journal), target);
        if (!connection.TryCouple(upstream, mode) || connection.TryCouple(default))
        {
            journal?.Add("the other end is not there");
        }
    }
}

/// <summary>The other end of a relay.</summary>
[GainProtocol]
internal partial struct RelayEnd(Journal? journal)
{
    private readonly void OnConnectFailed(ConnectFailure failure) =>
        journal?.Add($"failed {failure.Reason}");

    private readonly void OnRead(ReadOnlySpan<byte> data) => journal?.Add("read by the other end");

    private readonly void OnClose(CloseReason reason) => journal?.Add($"other closed {reason}");
}

/// <summary>Couples where it may not, and writes down what it is told.</summary>
[GainProtocol]
internal partial struct Mismatched(Journal journal, DialTarget target)
{
    private readonly void OnAccept(Connection connection)
    {
        Try(connection, connection);
        ConnectionHandle upstream = connection.Dial(new RelayEnd(null), target);
        if (connection.TryBorrow(upstream, out Connection other))
        {
            connection.Couple(other);
            Try(other, connection);
        }
    }

    private readonly void Try(Connection one, Connection other)
    {
        try
        {
            one.Couple(other);
        }
        catch (InvalidOperationException refused)
        {
            journal.Add(refused.Message);
        }
    }
}
