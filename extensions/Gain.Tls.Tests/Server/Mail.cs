using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Speaks enough of SMTP to go over to TLS, and says what it was told and how.</summary>
[GainProtocol]
[Delimited("\r\n", MaxFrameLength = 4_096)]
internal partial struct Mail(Journal journal, List<ConnectionHandle> handles)
{
    private readonly Journal _journal = journal;
    private readonly List<ConnectionHandle> _handles = handles;

    private readonly void OnAccept(Connection connection)
    {
        _handles.Add(connection.Handle);
        connection.Send("220 ready\r\n"u8);
    }

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        string text = System.Text.Encoding.ASCII.GetString(line);
        _journal.Add($"{text.Split(' ')[0]} {(connection.IsTls() ? connection.GetTls().Version : "plain")}");
        switch (text.Split(' ')[0])
        {
            case "EHLO":
                connection.Send("250-here\r\n250 STARTTLS\r\n"u8);
                break;
            case "STARTTLS":
                connection.Send("220 go\r\n"u8);
                connection.StartTls();
                break;
            case "WELCOME":
                connection.Send("220 go\r\n"u8);
                connection.StartTls();
                connection.Send(new byte[int.Parse(text.Split(' ')[1])]);
                break;
            case "QUIT":
                connection.Send("221 bye\r\n"u8);
                connection.Close();
                break;
            default:
                connection.Send("250 ok\r\n"u8);
                break;
        }
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _journal.Add($"closed {reason} {connection.Fault?.Message}");
}
