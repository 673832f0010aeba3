using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>The dialled end of a relay.</summary>
[GainProtocol]
internal partial struct PlainEnd(Journal journal)
{
    private readonly void OnConnectFailed(ConnectFailure failure) => journal.Add($"failed {failure}");

    private readonly void OnClose(CloseReason reason) => journal.Add($"plain closed {reason}");
}
