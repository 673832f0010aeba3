using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

public class DatagramAllocationTests(GainRing ring) : DatagramServerTest(ring)
{
    [TestCase("udp://127.0.0.1:0")]
    [TestCase("udp://:0")]
    public async Task Fifty_thousand_datagrams_allocate_nothing_on_the_workers(string address)
    {
        // As for messages of connections: the JIT compiler's own allocations are some kilobytes, once. One
        // object for each datagram would be 1.2 MB.
        await AllocatedByAsync(address, 20_000);
        Assert.That(await AllocatedByAsync(address, 50_000), Is.LessThan(100_000));
    }

    private async Task<long> AllocatedByAsync(string address, int datagrams)
    {
        await using GainServer server = GainServer.Start(
            new AddressingEcho(), address, new GainOptions { Ring = Ring, WorkerCount = 1 });
        Socket client = Connect(System.Net.IPAddress.Loopback, server.EndPoints[0].Port);
        byte[] question = new byte[64];
        byte[] answer = new byte[100];
        const int window = 50;
        for (int sent = 0; sent < datagrams; sent += window)
        {
            for (int i = 0; i < window; i++)
            {
                client.Send(question);
            }

            for (int i = 0; i < window; i++)
            {
                Assert.That(await client.ReceiveAsync(answer).WaitAsync(Clients.Patience), Is.EqualTo(64));
            }
        }

        await server.StopAsync();
        Assert.That(server.Statistics.DatagramsOut, Is.EqualTo(datagrams));
        return server.Statistics.AllocatedBytes;
    }
}

/// <summary>Echoes, by address, and looks at all that a datagram tells.</summary>
[GainProtocol]
internal partial struct AddressingEcho
{
    private long _seen;

    private void OnDatagram(Datagram datagram, ReadOnlySpan<byte> data)
    {
        _seen += datagram.LocalAddress.Port + datagram.WorkerIndex + datagram.NowMs
            + datagram.RemotePath.Length + (datagram.IsTruncated ? 1 : 0);
        if (datagram.RemoteAddress.Port % 2 == 0)
        {
            datagram.SendTo(datagram.RemoteAddress, data);
        }
        else
        {
            datagram.Reply(data);
        }
    }
}
