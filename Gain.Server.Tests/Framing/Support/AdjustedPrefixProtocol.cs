namespace Gain.Tests.Server;

/// <summary>As <see cref="PrefixedProtocol"/>, with every argument of the attribute set.</summary>
[GainProtocol]
[LengthPrefixed(
    Size = 8, BigEndian = false, Offset = 3, Adjustment = 2, IncludesHeader = true, MaxFrameLength = 300)]
internal partial struct AdjustedPrefixProtocol(Journal journal)
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
