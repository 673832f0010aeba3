using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Dials when it is accepted, writes at once, and then ends the dial if it is told to.</summary>
[GainProtocol]
internal partial struct TlsDialler(Journal journal, DialTarget target, int length, string end = "")
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionHandle upstream = connection.Dial(new TlsUpstream(journal), target);
        Assert.That(connection.TryBorrow(upstream, out Connection other));
        other.Send(new byte[length]);
        _ = end switch
        {
            "close" => upstream.TryClose(),
            "abort" => upstream.TryAbort(),
            _ => false,
        };
    }
}
