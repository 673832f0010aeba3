using System.Net.Sockets;

namespace Gain.Tests.Server;

public class ChurnTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Nobody_gets_the_bytes_of_another_while_others_come_and_go()
    {
        GainServer server = Start(new EchoProtocol());
        const int Count = 24;
        const int Rounds = 60;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(
            i => Task.Run(() => i % 2 == 0
                ? EchoRoundsAsync(server, i, Rounds)
                : ResetRoundsAsync(server, i, Rounds))));

        Assert.That(server.Statistics.Accepted, Is.EqualTo(Count * Rounds));
    }

    // Each round is a connection of its own, so that slots and buffers change hands all the time.
    private static async Task EchoRoundsAsync(GainServer server, int client, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            using Socket socket = await Clients.ConnectAsync(server);
            byte[] sent = Clients.Pattern(40_000 + (round * 997), (client * 1_000) + round);
            Task sending = Clients.SendAllAsync(socket, sent);
            byte[] received = await Clients.ReceiveExactlyAsync(socket, sent.Length);
            await sending;
            Assert.That(received.AsSpan().SequenceEqual(sent), $"client {client}, round {round}");
        }
    }

    // Resets with a send of the server's in flight, and bytes of its own on the way.
    private static async Task ResetRoundsAsync(GainServer server, int client, int rounds)
    {
        for (int round = 0; round < rounds; round++)
        {
            Socket socket = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(socket, Clients.Pattern(60_000, client));
            if (round % 3 == 0)
            {
                await Clients.ReceiveExactlyAsync(socket, 1);
            }

            Clients.Reset(socket);
        }
    }
}
