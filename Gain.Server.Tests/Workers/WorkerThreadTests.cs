using System.Globalization;
using System.Net.Sockets;
using Gain.Sockets;

namespace Gain.Tests.Server;

public class WorkerThreadTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public void Threads_are_named_after_their_workers()
    {
        Start(new EchoProtocol(), new GainOptions { WorkerCount = 3 });
        Assert.That(
            WorkerTasks().Select(t => t.Name).Order(),
            Is.EqualTo(new[] { "gain-worker-0", "gain-worker-1", "gain-worker-2" }));
    }

    [Test]
    public void Affinity_pins_each_worker_to_an_allowed_CPU()
    {
        int[] cpus = CpuAffinity.GetProcessCpus();
        Start(new EchoProtocol(), new GainOptions { WorkerCount = cpus.Length, CpuAffinity = true });
        foreach ((string name, string allowed) in WorkerTasks())
        {
            int worker = int.Parse(name["gain-worker-".Length..], CultureInfo.InvariantCulture);
            Assert.That(allowed, Is.EqualTo($"{cpus[worker]}"), name);
        }
    }

    [Test]
    public async Task Connections_spread_over_the_workers()
    {
        var journal = new Journal();
        GainServer server = Start(new WorkerIndexProtocol(journal), new GainOptions { WorkerCount = 2 });
        var clients = new List<Socket>();
        for (int i = 0; i < 64; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        string[] workers = await journal.AwaitAsync(64);
        Assert.That(workers.Distinct(), Is.EquivalentTo(new[] { "0", "1" }));
        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task A_million_messages_allocate_nothing_on_the_workers()
    {
        // The JIT compiler allocates on a worker's thread when it compiles a method there, at moments of its
        // own: some kilobytes, once. One object a message would be 24 MB. That it is 0 to the byte is checked
        // on the NativeAOT binary, by .ci/run.
        await AllocatedByAsync(200_000);
        Assert.That(await AllocatedByAsync(1_000_000), Is.LessThan(100_000));
    }

    [Test]
    public async Task An_idle_server_is_never_scheduled()
    {
        GainServer idle = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        string[] idleWorkers = [.. WorkerDirectories()];
        using Socket silent = await Clients.ConnectAsync(idle);
        await EchoAsync(silent, 1);
        GainServer busy = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        using Socket talking = await Clients.ConnectAsync(busy);
        await EchoAsync(talking, 100);

        // A tick of the idle server's would show while the busy one exchanges thousands of messages.
        long before = ContextSwitches(idleWorkers);
        await EchoAsync(talking, 5_000);
        Assert.That(ContextSwitches(idleWorkers), Is.EqualTo(before));
        Assert.That(ContextSwitches(WorkerDirectories().Except(idleWorkers)), Is.GreaterThan(1_000));
    }

    private async Task<long> AllocatedByAsync(int messages)
    {
        GainServer server = Start(new LineProtocol(new Journal()), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] batch = new byte[100 * 10];
        for (int i = 0; i < 100; i++)
        {
            "12345678\r\n"u8.CopyTo(batch.AsSpan(i * 10));
        }

        byte[] answers = new byte[100 * 9];
        for (int sent = 0; sent < messages; sent += 100)
        {
            await client.SendAsync(batch);
            for (int got = 0; got < answers.Length;)
            {
                got += await client.ReceiveAsync(answers.AsMemory(got));
            }
        }

        client.Dispose();
        await server.StopAsync();
        Assert.That(server.Statistics.BytesOut, Is.EqualTo(messages * 9L));
        return server.Statistics.AllocatedBytes;
    }

    private static async Task EchoAsync(Socket client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Clients.SendAllAsync(client, "x"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 1);
        }
    }

    private static long ContextSwitches(IEnumerable<string> workers) => workers
        .SelectMany(directory => File.ReadLines(Path.Combine(directory, "status")))
        .Where(line => line.StartsWith("voluntary_ctxt_switches:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split('\t')[1], CultureInfo.InvariantCulture));

    private static IEnumerable<(string Name, string Cpus)> WorkerTasks() =>
        WorkerDirectories().Select(directory => (
            File.ReadAllText(Path.Combine(directory, "comm")).Trim(),
            File.ReadLines(Path.Combine(directory, "status"))
                .Single(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
                .Split('\t')[1]));

    private static IEnumerable<string> WorkerDirectories() => Directory.GetDirectories("/proc/self/task")
        .Where(directory => File.ReadAllText(Path.Combine(directory, "comm"))
            .StartsWith("gain-worker-", StringComparison.Ordinal));
}

[GainProtocol]
internal partial struct WorkerIndexProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection) => journal.Add($"{connection.WorkerIndex}");
}
