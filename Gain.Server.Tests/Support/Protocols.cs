namespace Gain.Tests.Server;

[GainProtocol]
internal partial struct EchoProtocol
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}

/// <summary>Echoes, and writes down every callback.</summary>
[GainProtocol]
internal partial struct JournalingEcho(Journal journal)
{
    private int _reads;

    private readonly void OnAccept() => journal.Add("accept");

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        _reads++;
        journal.Add("read");
        connection.Send(data);
    }

    private readonly void OnWrite(int bytes) => journal.Add($"write {bytes}");

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Echoes each line, and closes after "bye".</summary>
[GainProtocol]
[Delimited("\r\n", MaxFrameLength = 1_000)]
internal partial struct LineProtocol(Journal journal)
{
    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        connection.Send(line);
        connection.Send("\n"u8);
        if (line.SequenceEqual("bye"u8))
        {
            connection.Close();
        }
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error)
    {
        journal.Add($"error {error.Kind} {error.MaxFrameLength}");
        connection.Send("too long\n"u8);
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Consumes whole groups of four bytes and leaves the rest; answers the number of groups.</summary>
[GainProtocol]
internal partial struct FourByteProtocol(Journal journal)
{
    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int whole = data.Length & ~3;
        connection.Send(data[..whole]);
        return whole;
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Throws when it reads "throw", and echoes all else.</summary>
[GainProtocol]
internal partial struct FaultyProtocol(Journal journal)
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.StartsWith("throw"u8))
        {
            throw new InvalidOperationException("as asked");
        }

        connection.Send(data);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"close {reason} {connection.Fault?.Message}");
}

/// <summary>Keeps writing after the peer's FIN, and closes by itself.</summary>
[GainProtocol]
internal partial struct HalfCloseProtocol(Journal journal)
{
    private long _received;

    private void OnRead(ReadOnlySpan<byte> data) => _received += data.Length;

    private readonly void OnReadClosed(Connection connection)
    {
        journal.Add("read closed");
        connection.Send(System.Text.Encoding.ASCII.GetBytes($"{_received}"));
        connection.Close();
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Answers each byte with a megabyte, and notes when the output has drained.</summary>
[GainProtocol]
internal partial struct AmplifyingProtocol(Journal journal, byte[] answer)
{
    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Send(answer);
        return 1;
    }

    private readonly void OnDrained(Connection connection) =>
        journal.Add($"drained {connection.OutboundBytes}");
}

/// <summary>Sends what it is told to in OnAccept, then does what it is told to.</summary>
[GainProtocol]
internal partial struct GreetingProtocol(Journal journal, byte[] greeting, bool aborts)
{
    private readonly void OnAccept(Connection connection)
    {
        connection.Send(greeting);
        if (aborts)
        {
            connection.Abort();
        }
        else
        {
            connection.Close();
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
