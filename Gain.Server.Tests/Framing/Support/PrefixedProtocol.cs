namespace Gain.Tests.Server;

/// <summary>Answers each frame with its payload and a bar.</summary>
[GainProtocol]
[LengthPrefixed(MaxFrameLength = 1_000)]
internal partial struct PrefixedProtocol(Journal journal)
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
