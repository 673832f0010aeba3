using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>The end of a relay that speaks plain text.</summary>
[GainProtocol]
internal partial struct PlainEnd(Journal journal)
{
    private readonly void OnClose(CloseReason reason) => journal.Add($"plain closed {reason}");
}
