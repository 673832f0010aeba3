using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Pauses reading with every read, and lets the test resume it.</summary>
[GainProtocol]
internal partial struct Stuttering(Journal journal, List<ConnectionHandle> handles)
{
    private readonly Journal _journal = journal;
    private readonly List<ConnectionHandle> _handles = handles;

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.PauseReading();
        connection.Send(data);
        _handles.Add(connection.Handle);
        _journal.Add($"read {data.Length}");
    }
}
