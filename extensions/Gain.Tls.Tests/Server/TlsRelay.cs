using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Ends TLS, and relays what it says to another server in plain text.</summary>
[GainProtocol]
internal partial struct TlsRelay(Journal journal, DialTarget target)
{
    private readonly void OnAccept(Connection connection) =>
        Assert.That(connection.TryCouple(connection.Dial(new PlainEnd(journal), target)));

    private readonly void OnClose(CloseReason reason) => journal.Add($"closed {reason}");
}
