namespace Gain.Cli;

/// <summary>
/// Answers every HTTP/1.1 request with "Hello, World!": the smallest server that clients and load
/// generators accept. A request is its head: bodies are not read.
/// </summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 16_384)]
internal partial struct HttpHandler(PlaintextResponse[] responses)
{
    private readonly void OnFrame(Connection connection) =>
        connection.Send(responses[connection.WorkerIndex].At(connection.NowMs));

    private static void OnProtocolError(Connection connection)
    {
        connection.Send("HTTP/1.1 431 Request Header Fields Too Large\r\nServer: gain\r\n"u8);
        connection.Send("Connection: close\r\nContent-Length: 0\r\n\r\n"u8);
    }
}
