namespace Gain.Tls.Tests.Server;

/// <summary>A page for whoever asks, and the end of the connection.</summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 8_192)]
internal partial struct OnePage
{
    private readonly void OnFrame(Connection connection)
    {
        connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 19\r\nConnection: close\r\n\r\n"u8);
        connection.SendStatic("It works over TLS.\n"u8);
        connection.Close();
    }
}
