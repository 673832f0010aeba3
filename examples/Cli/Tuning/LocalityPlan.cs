using System.Globalization;

namespace Gain.Cli.Tuning;

/// <summary>
/// Perfect locality: each queue of an interface on one CPU, for what it receives and what it sends, so that
/// a worker pinned there with CpuSteering finds its packets in that CPU's caches.
/// </summary>
internal sealed class LocalityPlan
{
    private LocalityPlan(NetworkInterface network, int[] cpus, Setting[] settings, int[] balancers)
    {
        Network = network;
        Cpus = cpus;
        Settings = settings;
        Balancers = balancers;
    }

    public NetworkInterface Network { get; }

    /// <summary>The CPUs that queues are placed on, in turn.</summary>
    public int[] Cpus { get; }

    public Setting[] Settings { get; }

    /// <summary>The processes of irqbalance, which would move the interrupts away again.</summary>
    public int[] Balancers { get; }

    /// <summary>Whether some CPU gets no queue.</summary>
    public bool HasIdleCpus => Network.ReceiveQueues.Length < Cpus.Length;

    public static LocalityPlan Make(MachineTree machine, string name, int[] cpus)
    {
        NetworkInterface network = NetworkInterface.Find(machine, name);
        var settings = new List<Setting>();
        foreach (QueueInterrupt interrupt in network.Interrupts)
        {
            int cpu = cpus[interrupt.Queue % cpus.Length];
            Add(
                $"/proc/irq/{interrupt.Number}/smp_affinity_list",
                cpu.ToString(CultureInfo.InvariantCulture),
                $"interrupt {interrupt.Name} on CPU {cpu}",
                isMask: false);
        }

        foreach (int queue in network.TransmitQueues)
        {
            int cpu = cpus[queue % cpus.Length];
            Add(
                $"/sys/class/net/{name}/queues/tx-{queue}/xps_cpus",
                CpuList.MaskOf(cpu),
                $"XPS: what CPU {cpu} sends leaves by queue {queue}",
                isMask: true);
        }

        foreach (int queue in network.ReceiveQueues)
        {
            Add(
                $"/sys/class/net/{name}/queues/rx-{queue}/rps_cpus",
                "0",
                $"no RPS: what queue {queue} receives stays on its CPU",
                isMask: true);
        }

        return new LocalityPlan(network, cpus, [.. settings], FindBalancers(machine));

        // What cannot be read is not there: an interface with one queue has no XPS.
        void Add(string path, string value, string reason, bool isMask)
        {
            if (machine.Read(path) is { } current)
            {
                settings.Add(new Setting(path, value, current, reason, isMask));
            }
        }
    }

    private static int[] FindBalancers(MachineTree machine) =>
        [.. machine.List("/proc")
            .Where(name => name.All(char.IsAsciiDigit) && machine.Read($"/proc/{name}/comm") == "irqbalance")
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))];
}
