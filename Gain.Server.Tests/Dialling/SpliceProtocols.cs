namespace Gain.Tests.Server.Dialling;

/// <summary>A relay by splice(2) whose upstream connection other threads may write to.</summary>
[GainProtocol]
internal partial struct OpenRelay(TaskCompletionSource<ConnectionHandle> upstream, DialTarget target)
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionHandle handle = connection.Dial(new RelayEnd(null), target);
        if (connection.TryCouple(handle, CouplingMode.Splice))
        {
            upstream.TrySetResult(handle);
        }
    }
}
