using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Sends back what comes, and says how connections begin and end.</summary>
[GainProtocol]
internal partial struct JournalingEcho(Journal journal)
{
    private readonly Journal _journal = journal;

    private readonly void OnAccept(Connection connection)
    {
        TlsInfo tls = connection.GetTls();
        string protocol = System.Text.Encoding.ASCII.GetString(tls.ApplicationProtocol);
        using var certificate = tls.GetPeerCertificate();
        string? peer = certificate is null ? null : TlsIdentity.CommonName(certificate);
        _journal.Add($"accepted {tls.Version} {tls.ServerName} {protocol} {peer}");
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);

    private readonly void OnReadClosed(Connection connection)
    {
        connection.Send("bye"u8);
        connection.Close();
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _journal.Add($"closed {reason}");
}
