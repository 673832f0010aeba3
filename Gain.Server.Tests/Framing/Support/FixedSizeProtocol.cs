namespace Gain.Tests.Server;

/// <summary>Answers each record of 100 bytes with itself and a bar.</summary>
[GainProtocol]
[FixedSize(Size)]
internal partial struct FixedSizeProtocol(Journal journal)
{
    public const int Size = 100;

    private static void OnFrame(Connection connection, ReadOnlySpan<byte> record)
    {
        connection.Send(record);
        connection.Send("|"u8);
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}
