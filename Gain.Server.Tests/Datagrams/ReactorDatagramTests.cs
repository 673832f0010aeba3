using System.Net.Sockets;

namespace Gain.Tests.Server.Datagrams;

/// <summary>Datagrams are not accepted: with an acceptor every worker receives for itself as well.</summary>
public class ReactorDatagramTests(GainRing ring) : DatagramServerTest(ring)
{
    [TestCase(1)]
    [TestCase(4)]
    public async Task Workers_answer_beside_an_acceptor_that_has_nothing_to_accept(int workers)
    {
        GainServer server = Start(
            new DatagramEcho(),
            new GainOptions { WorkerCount = workers, Architecture = GainArchitecture.Reactor });
        for (int i = 0; i < 16; i++)
        {
            Socket client = Connect(server);
            byte[] sent = Clients.Pattern(100 + i, i);
            Assert.That(await AskAsync(client, sent), Is.EqualTo(sent));
        }

        Assert.That(server.Statistics.HandedOver, Is.Zero);
    }
}
