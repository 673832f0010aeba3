using System.Globalization;

namespace Gain.Cli.Tuning;

/// <summary>A network interface: its queues, and the interrupts that they raise.</summary>
internal sealed class NetworkInterface
{
    private const string Interfaces = "/sys/class/net";

    // What drivers call the interrupts of queues, in front of their number.
    private static readonly string[] s_kinds = ["input", "output", "comp", "rx", "tx", "queue"];

    private NetworkInterface(string name, int[] receive, int[] transmit, QueueInterrupt[] interrupts)
    {
        Name = name;
        ReceiveQueues = receive;
        TransmitQueues = transmit;
        Interrupts = interrupts;
    }

    public string Name { get; }

    public int[] ReceiveQueues { get; }

    public int[] TransmitQueues { get; }

    /// <summary>The interrupts of its queues; those of its configuration and the like are left out.</summary>
    public QueueInterrupt[] Interrupts { get; }

    /// <summary>Finds an interface.</summary>
    /// <exception cref="TuningException">It is not there, or nothing can be placed.</exception>
    public static NetworkInterface Find(MachineTree machine, string name)
    {
        string[] all = machine.List(Interfaces);
        if (!all.Contains(name))
        {
            throw new TuningException(
                $"there is no network interface '{name}'; this machine has {string.Join(", ", all)}.",
                isUsage: true);
        }

        string directory = $"{Interfaces}/{name}";
        if (!machine.Exists($"{directory}/device"))
        {
            throw new TuningException(
                $"{name} has no hardware behind it, so it raises no interrupts that could be placed: name "
                + "the interface whose packets it carries.",
                isUsage: true);
        }

        QueueInterrupt[] interrupts = FindInterrupts(machine, directory, name, all);
        return interrupts.Length != 0
            ? new NetworkInterface(
                name,
                QueuesOf(machine, directory, "rx-"),
                QueuesOf(machine, directory, "tx-"),
                interrupts)
            : throw new TuningException(
                $"no interrupt of {name} belongs to a queue, as far as /proc/interrupts tells: there is "
                + "nothing to place.");
    }

    // A virtio device raises those of the PCI device that it is on.
    private static QueueInterrupt[] FindInterrupts(
        MachineTree machine, string directory, string name, string[] all)
    {
        string[] numbers = machine.List($"{directory}/device/msi_irqs");
        if (numbers.Length == 0)
        {
            numbers = machine.ListBeside($"{directory}/device", "msi_irqs");
        }

        Dictionary<string, string> names = NamesOf(machine);
        IEnumerable<string> candidates = numbers.Length != 0
            ? numbers
            : names.Where(entry => BelongsTo(entry.Value, name, all)).Select(entry => entry.Key);
        var found = new List<QueueInterrupt>();
        foreach (string number in candidates)
        {
            string interrupt = names.GetValueOrDefault(number, "");
            if (TryReadQueue(interrupt, out int queue))
            {
                found.Add(
                    new QueueInterrupt(int.Parse(number, CultureInfo.InvariantCulture), interrupt, queue));
            }
        }

        return [.. found.OrderBy(interrupt => interrupt.Queue).ThenBy(interrupt => interrupt.Number)];
    }

    // eth1-TxRx-0 is eth1's, but eth10-TxRx-0 is not, nor eth1-lan-TxRx-0 where there is an eth1-lan.
    private static bool BelongsTo(string interrupt, string name, string[] all) =>
        HasWord(interrupt, name)
        && !all.Any(other =>
            other.Length > name.Length
            && other.Contains(name, StringComparison.Ordinal)
            && HasWord(interrupt, other));

    private static bool HasWord(string text, string word)
    {
        for (int at = text.IndexOf(word, StringComparison.Ordinal);
            at >= 0;
            at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            int end = at + word.Length;
            if ((at == 0 || !IsOfWord(text[at - 1])) && (end == text.Length || !IsOfWord(text[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    // " 38:  0  7658  PCI-MSIX-0000:00:03.0  1-edge  virtio2-input.0": the name comes last.
    private static Dictionary<string, string> NamesOf(MachineTree machine)
    {
        var names = new Dictionary<string, string>();
        foreach (string line in (machine.Read("/proc/interrupts") ?? "").Split('\n'))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string number = colon < 0 ? "" : line[..colon].Trim();
            if (number.Length != 0 && number.All(char.IsAsciiDigit))
            {
                names[number] = line[(line.TrimEnd().LastIndexOf(' ') + 1)..].Trim();
            }
        }

        return names;
    }

    private static int[] QueuesOf(MachineTree machine, string directory, string kind) =>
        [.. machine.List($"{directory}/queues")
            .Where(name => name.StartsWith(kind, StringComparison.Ordinal))
            .Select(name => int.Parse(name.AsSpan(kind.Length), CultureInfo.InvariantCulture))
            .Order()];

    // virtio2-input.0, eth0-TxRx-3, eth0-rx-1, mlx5_comp7@pci:0000:01:00.0, i40e-eth0-TxRx-2, ens5-Tx-Rx-4
    private static bool TryReadQueue(string name, out int queue)
    {
        int end = name.IndexOf('@', StringComparison.Ordinal);
        string own = end < 0 ? name : name[..end];
        int digits = own.Length - own.AsSpan().TrimEnd("0123456789").Length;
        string kind = own[..^digits].TrimEnd('-', '.');
        queue = 0;
        return int.TryParse(own.AsSpan(own.Length - digits), CultureInfo.InvariantCulture, out queue)
            && s_kinds.Any(known => kind.EndsWith(known, StringComparison.OrdinalIgnoreCase));
    }
}
