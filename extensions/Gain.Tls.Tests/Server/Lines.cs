namespace Gain.Tls.Tests.Server;

/// <summary>Answers each line with its length, as a frame.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 4_096)]
internal partial struct Lines
{
    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        Span<byte> text = stackalloc byte[16];
        System.Buffers.Text.Utf8Formatter.TryFormat(line.Length, text, out int length);
        BeginFrame(connection);
        connection.Send(text[..length]);
        EndFrame(connection);
    }
}
