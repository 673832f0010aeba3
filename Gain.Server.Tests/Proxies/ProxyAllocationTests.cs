using System.Net.Sockets;

namespace Gain.Tests.Server.Proxies;

/// <summary>Reading headers costs no object.</summary>
public class ProxyAllocationTests(GainRing ring) : ServerTest(ring)
{
    private const int Headers = 2_000;

    private protected override string Address => $"unix://@gain-{Guid.NewGuid():N}";

    [Test]
    public async Task Two_thousand_headers_allocate_nothing_on_the_worker()
    {
        // As for dials: one object a header would be 48 kB, beside what the JIT compiler does.
        await AllocatedByAsync();
        Assert.That(await AllocatedByAsync(), Is.LessThan(20_000));
    }

    private async Task<long> AllocatedByAsync()
    {
        GainServer server = Start(
            GainServer.Listen(new EchoProtocol(), Address)
                .UseProxyProtocol(new ProxyProtocolOptions { TrustedNetworks = { "127.0.0.1" } }),
            new GainOptions { WorkerCount = 1 });
        byte[][] headers =
        [
            .. ProxySamples.Right.Where(one => one.Name is "v1 TCP6" or "v2 with TLVs")
                .Select(one => (byte[])[.. one.Bytes, .. "x"u8]),
        ];
        for (int i = 0; i < Headers; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, headers[i % headers.Length]);
            await Clients.ReceiveExactlyAsync(client, 1);
        }

        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.Accepted, Is.EqualTo(Headers));
        return server.Statistics.AllocatedBytes;
    }
}
