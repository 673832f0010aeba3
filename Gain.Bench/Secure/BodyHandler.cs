using System.Text;

namespace Gain.Bench.Secure;

/// <summary>Answers each request with the same head and body.</summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 16_384)]
internal partial struct BodyHandler(byte[] answer)
{
    /// <summary>An answer with a body of so many bytes.</summary>
    public static byte[] Answer(int length) =>
    [
        .. Encoding.ASCII.GetBytes(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"),
        .. Enumerable.Repeat((byte)'x', length),
    ];

    private readonly void OnFrame(Connection connection) => connection.Send(answer);
}
