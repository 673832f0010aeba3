using Gain.Testing;

namespace Gain.Tests.Testing;

/// <summary>
/// Does what each byte says: echoes letters, sends much, throws, closes, sets a timer, notes what it is told.
/// </summary>
[GainProtocol]
internal partial struct Scripted(List<string> notes)
{
    public const int MuchBytes = 300_000;

    private readonly void OnAccept(Connection connection) => notes.Add($"accept at {connection.NowMs}");

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        notes.Add($"read {data.Length}");
        foreach (byte one in data)
        {
            switch ((char)one)
            {
                case '!':
                    throw new InvalidOperationException("as asked");
                case '.':
                    connection.Close();
                    return;
                case '#':
                    connection.Send(new byte[MuchBytes]);
                    break;
                case '@':
                    connection.SetTimer(TimeSpan.FromMilliseconds(1_500));
                    break;
                case '|':
                    connection.PauseReading();
                    break;
                default:
                    connection.Send([one]);
                    break;
            }
        }
    }

    private readonly void OnTimer(Connection connection)
    {
        notes.Add("timer");
        connection.ResumeReading();
        connection.Send("t"u8);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        notes.Add("read closed");
        connection.Send("f"u8);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        notes.Add($"close {reason}");
}

/// <summary>Uses its own peer, which it may not.</summary>
[GainProtocol]
internal partial struct SelfUser(Func<TestPeer> peer)
{
    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => peer().Send("x"u8);
}

/// <summary>Has nothing for connections.</summary>
[GainProtocol]
internal partial struct DatagramsOnly
{
    private static void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data) => datagram.Reply(data);
}
