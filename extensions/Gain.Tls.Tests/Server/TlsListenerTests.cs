using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Addresses with TLS that are added to a server that runs.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public class TlsListenerTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [Test]
    public async Task An_address_that_is_added_has_the_certificate_of_the_start_and_plain_ones_are_refused()
    {
        GainServer server = Start(new Echo());
        string added = server.AddListener("tls://127.0.0.1:0")[0];
        Assert.That(added, Does.StartWith("tls://127.0.0.1:"));
        Socket socket = await Clients.ConnectAsync(IPEndPoint.Parse(added["tls://".Length..]));
        await using SslStream client = await SecureAsync(new NetworkStream(socket, ownsSocket: true));
        await client.WriteAsync("ping"u8.ToArray());
        Assert.That(await ReadAsync(client, 4), Is.EqualTo("ping"u8.ToArray()));

        GainException plain = Assert.Throws<GainException>(() => server.AddListener("tcp://127.0.0.1:0"))!;
        Assert.That(plain.ErrorCode, Is.EqualTo(GainError.ProtocolMismatch));
        Assert.That(plain.Message, Does.Contain("without TLS"));
    }
}
