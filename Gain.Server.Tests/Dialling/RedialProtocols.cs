namespace Gain.Tests.Server.Dialling;

/// <summary>What a <see cref="Returning"/> does of its own.</summary>
internal enum ReturningStep
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Closes itself when its end is told.</summary>
    CloseAtEnd = 1,

    /// <summary>Closes itself in OnConnect.</summary>
    CloseAtConnect = 2,

    /// <summary>Ends its side in OnConnect.</summary>
    ShutDownAtConnect = 3,

    /// <summary>Throws in OnConnect.</summary>
    ThrowAtConnect = 4,

    /// <summary>Says when it was up for 10 ms.</summary>
    TellWhenHeld = 5,
}

/// <summary>An outgoing connection that writes down what happens to it, and whether it comes again.</summary>
[GainProtocol]
internal partial struct Returning(Journal journal, ReturningStep step = ReturningStep.None)
{
    private int _events;

    private void OnConnect(Connection connection)
    {
        journal.Add($"connect {_events++}");
        if (step == ReturningStep.CloseAtConnect)
        {
            connection.Close();
        }
        else if (step == ReturningStep.ShutDownAtConnect)
        {
            connection.ShutdownWrite();
        }
        else if (step == ReturningStep.ThrowAtConnect)
        {
            throw new InvalidOperationException("as asked");
        }
        else if (step == ReturningStep.TellWhenHeld)
        {
            connection.SetTimer(TimeSpan.FromMilliseconds(10));
        }
    }

    private readonly void OnTimer() => journal.Add("held");

    private void OnConnectFailed(Connection connection, ConnectFailure failure)
    {
        Assert.That(connection.RedialIn, Is.EqualTo(failure.RedialIn));
        journal.Add($"failed {failure.Reason} {_events++} {Text(failure.RedialIn)}");
        if (step == ReturningStep.CloseAtEnd)
        {
            connection.Close();
        }
    }

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Assert.That(connection.RedialIn, Is.Null);
        _events++;
        connection.Send(data);
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        journal.Add($"close {reason} {_events} {Text(connection.RedialIn)}");
        if (step == ReturningStep.CloseAtEnd)
        {
            connection.Close();
        }
    }

    private static string Text(TimeSpan? delay) =>
        delay is null ? "never" : $"{delay.Value.TotalMilliseconds}";
}

/// <summary>Dials when it is accepted, keeps the handle, and closes the dial at its own end.</summary>
[GainProtocol]
internal partial struct Dialling(Returning outgoing, DialTarget target)
{
    private ConnectionHandle _dialled;

    private void OnAccept(Connection connection) => _dialled = connection.Dial(outgoing, target);

    private readonly void OnRead(ReadOnlySpan<byte> data)
    {
        _ = data[0] == (byte)'s' ? _dialled.TrySend(data) : _dialled.TryAbort();
    }

    private readonly void OnClose() => _ = _dialled.TryClose();
}

/// <summary>Is told of a stop, and closes nothing for it.</summary>
[GainProtocol]
internal partial struct Unstopped(Journal journal)
{
    private readonly void OnConnectFailed(ConnectFailure failure) =>
        journal.Add($"failed {failure.Reason} {failure.RedialIn is null}");

    private readonly void OnStopping() => journal.Add("stopping");
}

/// <summary>Closes whoever comes.</summary>
[GainProtocol]
internal partial struct Rejecting
{
    private static void OnAccept(Connection connection) => connection.Abort();
}

/// <summary>Counts how often it was up, and ends after so many times.</summary>
[GainProtocol]
internal partial struct Counted(DialCountdown countdown)
{
    private readonly void OnConnect(Connection connection)
    {
        if (countdown.IsOver())
        {
            connection.Abort();
        }
    }
}

/// <summary>So many events are waited for.</summary>
internal sealed class DialCountdown(int events)
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = events;

    public Task Over => _over.Task;

    /// <summary>Counts an event.</summary>
    /// <returns>Whether there were all of them.</returns>
    public bool IsOver()
    {
        if (--_left == 0)
        {
            _over.SetResult();
        }

        return _left <= 0;
    }
}

/// <summary>Dials an <see cref="Unstopped"/> when it is accepted.</summary>
[GainProtocol]
internal partial struct DiallingUnstopped(Journal journal, DialTarget target)
{
    private readonly void OnAccept(Connection connection) =>
        connection.Dial(new Unstopped(journal), target);
}
