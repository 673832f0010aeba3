namespace Gain.Tests.Server;

/// <summary>Answers each frame with its payload and a bar.</summary>
[GainProtocol]
[VarintPrefixed(20_000)]
internal partial struct VarintProtocol(Journal journal)
{
    private static void OnFrame(Connection connection, ReadOnlySpan<byte> payload)
    {
        connection.Send(payload);
        connection.Send("|"u8);
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error)
    {
        journal.Add($"error {error.Kind} {error.MaxFrameLength}");
        connection.Send("rejected"u8);
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
