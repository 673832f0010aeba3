using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>The dialling end: writes down what happens to it.</summary>
[GainProtocol]
internal partial struct TlsUpstream(Journal journal, bool throws = false)
{
    private readonly void OnConnect(Connection connection)
    {
        journal.Add($"connect {Describe(connection)}");
        if (throws)
        {
            throw new InvalidOperationException("as asked");
        }
    }

    private readonly void OnConnectFailed(ConnectFailure failure) =>
        journal.Add($"failed {failure.Reason} {failure.Target} {failure.Detail}");

    private readonly void OnRead(ReadOnlySpan<byte> data) =>
        journal.Add($"read {Encoding.ASCII.GetString(data)}");

    private readonly void OnDrained(Connection connection) =>
        journal.Add($"drained {(connection.IsTls() ? "TLS" : "plain")}");

    private readonly void OnClose(CloseReason reason) => journal.Add($"closed {reason}");

    private static string Describe(Connection connection)
    {
        if (!connection.IsTls())
        {
            return "plain";
        }

        TlsInfo tls = connection.GetTls();
        using X509Certificate2? certificate = tls.GetPeerCertificate();
        return $"{tls.Version} {Encoding.ASCII.GetString(tls.ApplicationProtocol)} {tls.ServerName} "
            + TlsIdentity.CommonName(certificate!) + (tls.IsResumed ? " resumed" : "");
    }
}
