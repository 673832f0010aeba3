using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>What the original's tests ask of sharding alone: 8 workers, 16 clients.</summary>
public sealed class ParityShardingTests(GainRing ring) : ServerTest(ring)
{
    // Machines with fewer CPUs have several workers on each.
    [Test]
    public async Task Many_clients_are_served_with_affinity() =>
        await ServeAsync(new GainOptions
        {
            WorkerCount = 8,
            CpuAffinity = true,
        }, Script.Echo(isAsync: false));

    // The original has a filter for 8 workers on any machine; here a CPU's packets are led to one worker.
    [Test]
    public async Task Many_clients_are_served_with_steering() =>
        await ServeAsync(
            new GainOptions
            {
                WorkerCount = Math.Min(8, CpuAffinity.GetProcessCpus().Length),
                CpuAffinity = true,
                CpuSteering = CpuSteering.PacketFilter,
            },
            Script.Echo(isAsync: false));

    [Test]
    public async Task Many_clients_are_served_with_small_socket_buffers()
    {
        // The kernel doubles a size, and has a least size for each.
        const int leastReceive = 2_304;
        const int leastSend = 4_608;
        var script = new Script
        {
            OnRead = static (connection, data) =>
            {
                Assert.That(connection.Socket.ReceiveBufferBytes, Is.EqualTo(Math.Max(4_096, leastReceive)));
                Assert.That(connection.Socket.SendBufferBytes, Is.EqualTo(Math.Max(4_096, leastSend)));
                connection.Send(data);
            },
        };
        await ServeAsync(
            new GainOptions
            {
                WorkerCount = 8,
                Sockets = { ReceiveBufferBytes = 2_048, SendBufferBytes = 2_048 },
                Logger = new RecordingLogger(),
            },
            script);
    }

    private async Task ServeAsync(GainOptions options, Script script)
    {
        const int clients = 16;
        GainServer server = Start(new ScriptedProtocol(script), options);
        int[] counts = await Exchanges.RunAsync(server, script, clients);

        Assert.That(counts, Is.EqualTo(Exchanges.CountsOf(clients)));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }
}
