using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>Reads as a test says: the delegate sees all that has not been consumed yet.</summary>
[GainProtocol]
internal partial struct BufferProtocol(BufferProtocol.Act act)
{
    /// <summary>What OnRead does.</summary>
    /// <returns>How much of <paramref name="data"/> it consumed.</returns>
    public delegate int Act(Connection connection, ReadOnlySpan<byte> data);

    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data) => act(connection, data);
}
