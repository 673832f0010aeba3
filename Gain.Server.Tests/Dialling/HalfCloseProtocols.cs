namespace Gain.Tests.Server.Dialling;

/// <summary>Answers "end" with many bytes, ends its side, and writes down what still comes.</summary>
[GainProtocol]
internal partial struct Halving(Journal journal, byte[] answer, TaskCompletionSource<ConnectionHold>? held)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (!data.SequenceEqual("end"u8))
        {
            journal.Add($"read {System.Text.Encoding.ASCII.GetString(data)}");
            return;
        }

        if (held is not null)
        {
            held.SetResult(connection.Hold());
        }

        connection.Send(answer);
        connection.ShutdownWrite();
        connection.ShutdownWrite();
        if (held is null)
        {
            journal.Add($"writes {connection.TrySend("late"u8)}");
            try
            {
                connection.Send("late"u8);
            }
            catch (InvalidOperationException refused)
            {
                journal.Add($"refused {refused.Message.Contains("after ShutdownWrite")}");
            }
        }
    }

    private readonly void OnReadClosed(Connection connection)
    {
        journal.Add("read closed");
        connection.ShutdownWrite();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Dials, and ends the side of a connection that is not up.</summary>
[GainProtocol]
internal partial struct AskerOnce(Journal journal, DialTarget target)
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionHandle upstream = connection.Dial(new Upstream(journal), target);
        Assert.That(connection.TryBorrow(upstream, out Connection other));
        other.Send("ask"u8);
        other.ShutdownWrite();
    }
}
