using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>Clients that all talk to a server at the same time, twice each.</summary>
internal static class Exchanges
{
    private const int Times = 2;

    /// <summary>Has so many clients exchange messages with a server that answers what it is sent.</summary>
    /// <returns>How often each callback ran, as <see cref="Script.CountAsync"/>.</returns>
    public static async Task<int[]> RunAsync(GainServer server, Script script, int clients)
    {
        await Task.WhenAll(Enumerable.Range(0, clients).Select(i => RunOneAsync(server, i, Times)));
        return await script.CountAsync(server, clients);
    }

    /// <summary>How often each callback runs for so many clients.</summary>
    public static int[] CountsOf(int clients) =>
        [1, clients, clients * Times, clients * Times, clients];

    /// <summary>One client. Nobody else sends the same, so that a swap shows.</summary>
    public static async Task RunOneAsync(GainServer server, int seed, int times)
    {
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 0; i < times; i++)
        {
            byte[] data = Clients.Pattern(512, (seed * times) + i);
            await Clients.SendAllAsync(client, data);
            Assert.That(await Clients.ReceiveExactlyAsync(client, data.Length), Is.EqualTo(data));
        }
    }
}
