using Gain;
using Gain.Hosting;

/// <summary>
/// Answers GET /live and GET /ready, as probes of an orchestrator ask: a server is ready until a stop begins.
/// </summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 8_192)]
public partial struct Probes(HostedGainServer server)
{
    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("GET /live "u8) || (head.StartsWith("GET /ready "u8) && server.IsReady))
        {
            connection.SendStatic("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
        }
        else if (head.StartsWith("GET /ready "u8))
        {
            connection.SendStatic(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
        }
        else
        {
            connection.SendStatic(
                "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8);
        }

        connection.Close();
    }
}
