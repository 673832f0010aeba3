using System.Net;
using System.Net.Sockets;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Server.SocketOptions;

public class CpuSteeringTests(GainRing ring) : ServerTest(ring)
{
    // On the loopback a packet is handled on the CPU of whoever sent it.
    [TestCase(CpuSteering.PacketFilter)]
    [TestCase(CpuSteering.IncomingCpu)]
    public async Task Connection_lands_on_the_worker_of_its_CPU(CpuSteering steering)
    {
        int[] cpus = RequireCpus(2);
        if (steering == CpuSteering.IncomingCpu && Environment.OSVersion.Version < new Version(6, 1))
        {
            Assert.Ignore($"Linux {Environment.OSVersion.Version} does not go by SO_INCOMING_CPU; 6.1 does.");
        }

        var journal = new Journal();
        GainServer server = Start(
            new PlaceProtocol(journal),
            new GainOptions { WorkerCount = cpus.Length, CpuAffinity = true, CpuSteering = steering });

        const int Rounds = 16;
        var clients = new List<Socket>();
        for (int round = 0; round < Rounds; round++)
        {
            for (int worker = 0; worker < cpus.Length; worker++)
            {
                clients.Add(ConnectFrom(cpus[worker], server.EndPoints[0]));
                string[] said = await journal.AwaitAsync(clients.Count);
                Assert.That(said[^1], Is.EqualTo($"worker {worker}"), $"a client on CPU {cpus[worker]}");
            }
        }

        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task CPU_without_a_worker_is_served_by_all()
    {
        int[] cpus = RequireCpus(2);
        int[] others = [cpus[^1] + 1_000, cpus[^1] + 1_001];
        using ListenerGroup group = ListenerGroup.Open(
            ListenAddress.Parse("tcp://127.0.0.1:0"),
            [new ListenEndPoint(new IPEndPoint(IPAddress.Loopback, 0), V6Only: false)],
            workers: 2,
            backlog: 64,
            new CpuRouting(CpuSteering.PacketFilter, others));
        int[] listeners = [group.TakeListener(0, 0), group.TakeListener(1, 0)];
        try
        {
            var clients = new List<Socket>();
            for (int i = 0; i < 64; i++)
            {
                var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                await client.ConnectAsync(group.BoundEndpoints[0]).WaitAsync(Clients.Patience);
                clients.Add(client);
            }

            Assert.That(CountWaiting(listeners[0]) + CountWaiting(listeners[1]), Is.EqualTo(clients.Count));
            Assert.That(CountWaiting(listeners[0]), Is.InRange(1, clients.Count - 1), "spread by the hash");
            clients.ForEach(client => client.Dispose());
        }
        finally
        {
            Array.ForEach(listeners, Gain.Sockets.SocketOptions.Close);
        }
    }

    [Test]
    public void Filter_names_each_CPU_once()
    {
        sock_filter[] filter = new CpuRouting(CpuSteering.PacketFilter, [3, 1, 7]).BuildFilter();

        Assert.That(filter, Has.Length.EqualTo(8));
        Assert.That(Run(filter, cpu: 3), Is.Zero);
        Assert.That(Run(filter, cpu: 1), Is.EqualTo(1));
        Assert.That(Run(filter, cpu: 7), Is.EqualTo(2));
        Assert.That(Run(filter, cpu: 0), Is.EqualTo(uint.MaxValue));
    }

    // What two instructions and a return do, as the kernel runs them.
    private static uint Run(sock_filter[] filter, uint cpu)
    {
        for (int at = 1; ; at++)
        {
            switch (filter[at].code)
            {
                case BPF.BPF_JMP | BPF.BPF_JEQ | BPF.BPF_K:
                    at += filter[at].k == cpu ? filter[at].jt : filter[at].jf;
                    break;
                case BPF.BPF_RET | BPF.BPF_K:
                    return filter[at].k;
                default:
                    throw new AssertionException($"instruction {at} is {filter[at].code}");
            }
        }
    }

    // tcpi_unacked of a listener: what waits to be accepted.
    private static int CountWaiting(int listener)
    {
        Span<byte> info = stackalloc byte[256];
        int result = Gain.Sockets.SocketOptions.GetBytes(
            listener, SocketAbi.IPPROTO_TCP, SocketAbi.TCP_INFO, info, out int written);
        Assert.That(result, Is.Zero);
        Assert.That(written, Is.GreaterThan(28));
        return BitConverter.ToInt32(info[24..]);
    }

    private static Socket ConnectFrom(int cpu, EndPoint endPoint)
    {
        Socket? client = null;
        var thread = new Thread(() =>
        {
            CpuAffinity.PinThread(cpu);
            client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(endPoint);
        });
        thread.Start();
        thread.Join();
        return client!;
    }

    private static int[] RequireCpus(int count)
    {
        int[] cpus = CpuAffinity.GetProcessCpus();
        if (cpus.Length < count)
        {
            Assert.Ignore($"This process may use {CpuAffinity.Format(cpus)}, and the test needs {count}.");
        }

        return cpus;
    }
}

/// <summary>Says on which worker it is.</summary>
[GainProtocol]
internal partial struct PlaceProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection) => journal.Add($"worker {connection.WorkerIndex}");
}
