using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Sends mail: goes over to TLS when the server offers it, and says how it was answered.</summary>
[GainProtocol]
[Delimited("\r\n", MaxFrameLength = 4_096)]
internal partial struct MailSender(Journal journal)
{
    private readonly void OnConnectFailed(ConnectFailure failure) => journal.Add($"failed {failure}");

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        string text = Encoding.ASCII.GetString(line);
        journal.Add($"{text} {(connection.IsTls() ? connection.GetTls().Version : "plain")}");
        switch (text)
        {
            case "220 ready":
                connection.Send("EHLO me\r\n"u8);
                break;
            case "250 STARTTLS":
                connection.Send("STARTTLS\r\n"u8);
                break;
            case "220 go":
                connection.StartTls();
                connection.Send("NOOP\r\n"u8);
                break;
            case "250 ok":
                connection.Send("QUIT\r\n"u8);
                break;
        }
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        journal.Add($"closed {reason} {connection.Fault?.Message}");
}
