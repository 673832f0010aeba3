using System.Diagnostics;
using System.Globalization;

namespace Gain.Tests.Cli;

/// <summary>
/// The command tune, on a made copy of /proc and /sys, as the machine's own cannot be counted on, and on
/// what this machine has.
/// </summary>
public class TuneTests
{
    private string _root = "";

    [SetUp]
    public void MakeTree() => _root = Directory.CreateTempSubdirectory("gain-tune-").FullName;

    [TearDown]
    public void RemoveTree() => Directory.Delete(_root, recursive: true);

    [Test]
    public async Task Commands_are_printed_and_nothing_is_changed()
    {
        MakeCard(queues: 2);

        (int exitCode, string output, string errors) = await TuneAsync("eth7 --cpus 4-5");

        Assert.That(errors, Is.Empty);
        Assert.That(exitCode, Is.Zero);
        string[] commands = [.. output.Split('\n')
            .Where(line => line.StartsWith("echo ", StringComparison.Ordinal))
            .Select(line => line[..line.IndexOf("  #", StringComparison.Ordinal)])];
        Assert.That(
            commands,
            Is.EqualTo(new[]
            {
                "echo 4 > /proc/irq/101/smp_affinity_list",
                "echo 5 > /proc/irq/102/smp_affinity_list",
                "echo 00000010 > /sys/class/net/eth7/queues/tx-0/xps_cpus",
                "echo 00000020 > /sys/class/net/eth7/queues/tx-1/xps_cpus",
                "echo 0 > /sys/class/net/eth7/queues/rx-1/rps_cpus",
            }));
        Assert.That(output, Does.Contain("rx-0/rps_cpus is 00000000 already"));
        Assert.That(output, Does.Contain("now 0-7"));
        Assert.That(output, Does.Contain("--workers 2 --cpu-affinity --cbpf"));
        Assert.That(Read("/proc/irq/101/smp_affinity_list"), Is.EqualTo("0-7"));
    }

    [Test]
    public async Task Commands_are_performed_when_asked_for()
    {
        MakeCard(queues: 3);

        (int exitCode, string output, string errors) = await TuneAsync("eth7 --cpus 0,33 --apply");

        Assert.That(errors, Is.Empty);
        Assert.That(exitCode, Is.Zero);
        Assert.That(Read("/proc/irq/101/smp_affinity_list"), Is.EqualTo("0"));
        Assert.That(Read("/proc/irq/102/smp_affinity_list"), Is.EqualTo("33"));
        Assert.That(Read("/proc/irq/103/smp_affinity_list"), Is.EqualTo("0"));
        Assert.That(Read("/proc/irq/100/smp_affinity_list"), Is.EqualTo("0-7"), "not a queue's");
        Assert.That(Read("/sys/class/net/eth7/queues/tx-1/xps_cpus"), Is.EqualTo("00000002,00000000"));
        Assert.That(Read("/sys/class/net/eth7/queues/rx-1/rps_cpus"), Is.EqualTo("0"));
        Assert.That(output, Does.Contain("set        /proc/irq/102/smp_affinity_list 33, was 0-7"));
    }

    [Test]
    public async Task Refused_setting_is_named_and_the_others_are_made()
    {
        MakeCard(queues: 2);

        // What no one may write to, not even root: as the kernel refuses interrupts that it manages itself.
        string refused = _root + "/proc/irq/101/smp_affinity_list";
        File.Delete(refused);
        File.CreateSymbolicLink(refused, "/proc/version");

        (int exitCode, _, string errors) = await TuneAsync("eth7 --cpus 0-1 --apply");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("cannot set /proc/irq/101/smp_affinity_list to 0"));
        Assert.That(Read("/proc/irq/102/smp_affinity_list"), Is.EqualTo("1"));
    }

    [Test]
    public async Task Balancer_of_interrupts_is_stopped_first()
    {
        if (Directory.Exists("/run/systemd/system"))
        {
            Assert.Ignore("systemd runs here, and its irqbalance is not this test's to stop.");
        }

        MakeCard(queues: 1);
        using Process balancer = Process.Start("sleep", ["1000"]);
        Write($"/proc/{balancer.Id}/comm", "irqbalance");

        (_, string dry, _) = await TuneAsync("eth7 --cpus 0");
        Assert.That(dry, Does.Contain($"kill -TERM {balancer.Id}"));
        Assert.That(balancer.HasExited, Is.False);

        (int exitCode, string output, _) = await TuneAsync("eth7 --cpus 0 --apply");
        Assert.That(exitCode, Is.Zero);
        Assert.That(output, Does.Contain($"stopped    irqbalance, process {balancer.Id}"));
        await balancer.WaitForExitAsync();
    }

    [Test]
    public async Task Card_with_too_few_queues_is_told_of()
    {
        MakeCard(queues: 1);

        (_, string output, _) = await TuneAsync("eth7 --cpus 0-3");

        Assert.That(output, Does.Contain("1 queues for 4 CPUs").And.Contain("ethtool -L eth7 combined 4"));
    }

    [Test]
    public async Task Virtual_card_raises_the_interrupts_of_its_bus()
    {
        // With relative links, as in /sys: from the class to the device, and from the card to its bus.
        string card = _root + "/sys/devices/pci/virtio2/net/eth0";
        Directory.CreateDirectory($"{card}/queues/rx-0");
        Directory.CreateDirectory($"{card}/queues/tx-0");
        Directory.CreateSymbolicLink($"{card}/device", "../../../virtio2");
        Directory.CreateDirectory(_root + "/sys/class/net");
        Directory.CreateSymbolicLink(
            _root + "/sys/class/net/eth0", "../../devices/pci/virtio2/net/eth0");
        Write(
            "/proc/interrupts",
            "           CPU0       CPU1\n"
            + " 37:          0          0 PCI-MSIX-0000:00:03.0   0-edge      virtio2-config\n"
            + " 38:          0       7658 PCI-MSIX-0000:00:03.0   1-edge      virtio2-input.0\n"
            + " 39:       6392          0 PCI-MSIX-0000:00:03.0   2-edge      virtio2-output.0\n");
        foreach (int number in new[] { 37, 38, 39 })
        {
            Write($"/sys/devices/pci/msi_irqs/{number}", "msix");
            Write($"/proc/irq/{number}/smp_affinity_list", "0-1");
        }

        (int exitCode, string output, string errors) = await TuneAsync("eth0 --cpus 1");

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("echo 1 > /proc/irq/38/smp_affinity_list"));
        Assert.That(output, Does.Contain("echo 1 > /proc/irq/39/smp_affinity_list"));
        Assert.That(output, Does.Not.Contain("irq/37").And.Not.Contain("xps_cpus"));
    }

    [TestCase("eth1", "201")]
    [TestCase("eth10", "202")]
    [TestCase("eth1-lan", "203")]
    public async Task Interrupts_of_a_card_with_a_longer_name_stay_where_they_are(string card, string own)
    {
        // Cards whose bus names no interrupts: they are known by name alone.
        string interrupts = "           CPU0\n";
        (string Name, string Number)[] cards = [("eth1", "201"), ("eth10", "202"), ("eth1-lan", "203")];
        foreach ((string name, string number) in cards)
        {
            Directory.CreateDirectory($"{_root}/sys/class/net/{name}/device");
            Directory.CreateDirectory($"{_root}/sys/class/net/{name}/queues/rx-0");
            interrupts += $" {number}:         10 PCI-MSIX-0000:01:00.0   1-edge      {name}-TxRx-0\n";
            Write($"/proc/irq/{number}/smp_affinity_list", "0-7");
        }

        Write("/proc/interrupts", interrupts);

        (int exitCode, _, string errors) = await TuneAsync($"{card} --cpus 0 --apply");

        Assert.That(exitCode, Is.Zero, errors);
        foreach (string number in new[] { "201", "202", "203" })
        {
            string expected = number == own ? "0" : "0-7";
            Assert.That(Read($"/proc/irq/{number}/smp_affinity_list"), Is.EqualTo(expected), number);
        }
    }

    [Test]
    public async Task Commands_are_quoted_for_a_shell()
    {
        // The kernel lets an interface be called that, and a shell would perform it.
        const string Card = "e;touch`id`";
        Directory.CreateDirectory($"{_root}/sys/class/net/{Card}/device");
        Write("/proc/interrupts", $"    CPU0\n 201:   10 PCI-MSIX   1-edge   {Card}-TxRx-0\n");
        Write("/proc/irq/201/smp_affinity_list", "0-7\necho performed");
        Write($"/sys/class/net/{Card}/queues/rx-0/rps_cpus", "ff\necho performed");

        (int exitCode, string output, string errors) = await TuneAsync($"'{Card}' --cpus 0");

        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain($"echo 0 > '/sys/class/net/{Card}/queues/rx-0/rps_cpus'  # "));
        Assert.That(
            output.Split('\n'),
            Has.All.Matches<string>(
                line => line.Length == 0 || line[0] == '#' || line.StartsWith("echo 0 > ")));
    }

    [TestCase("eth9", 2, "no network interface 'eth9'", "eth7")]
    [TestCase("dummy0", 2, "dummy0 has no hardware", "")]
    [TestCase("eth7 --cpus 3-1", 2, "--cpus is '3-1'", "0-3,8")]
    [TestCase("eth7 --cpus x", 2, "--cpus is 'x'", "0-3,8")]
    [TestCase("ib0", 1, "no interrupt of ib0 belongs to a queue", "/proc/interrupts")]
    public async Task What_cannot_be_tuned_says_why(string arguments, int code, string reason, string wayOut)
    {
        MakeCard(queues: 1);
        Directory.CreateDirectory(_root + "/sys/class/net/dummy0/queues/rx-0");
        Directory.CreateDirectory(_root + "/sys/class/net/ib0/device");

        (int exitCode, _, string errors) = await TuneAsync(arguments);

        Assert.That(errors, Does.Contain(reason).And.Contain(wayOut));
        Assert.That(exitCode, Is.EqualTo(code));
    }

    [Test]
    public async Task Loopback_of_this_machine_is_refused()
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync("tune lo");

        Assert.That(errors, Does.Contain("lo has no hardware"));
        Assert.That(exitCode, Is.EqualTo(2));
    }

    [Test]
    public async Task Card_of_this_machine_is_looked_at_as_it_is()
    {
        string? card = Directory.EnumerateDirectories("/sys/class/net").Select(Path.GetFileName)
            .FirstOrDefault(name => Directory.Exists($"/sys/class/net/{name}/device"));
        if (card is null)
        {
            Assert.Ignore("This machine has no network card.");
        }

        (int exitCode, string output, string errors) = await CliProcess.RunAsync($"tune {card}");

        // A card without interrupts of its own (on a bus that has none) is an answer as well.
        bool isVirtual = File.ReadAllText("/proc/interrupts").Contains("-input.0", StringComparison.Ordinal);
        Assert.That(
            exitCode == 0 ? output : errors,
            Does.Contain(
                exitCode == 0 || isVirtual ? $"# {card}: " : $"no interrupt of {card} belongs to a queue"));
    }

    private Task<(int ExitCode, string Output, string Errors)> TuneAsync(string arguments) =>
        CliProcess.RunAsync($"tune {arguments} --root {_root}");

    // As of a card with a driver of its own: one interrupt for its events, one for each pair of queues.
    private void MakeCard(int queues)
    {
        const int First = 100;
        string interrupts = "           CPU0\n"
            + $" {First}:          9 PCI-MSIX-0000:01:00.0   0-edge      eth7\n";
        Write($"/proc/irq/{First}/smp_affinity_list", "0-7");
        Write($"/sys/class/net/eth7/device/msi_irqs/{First}", "msix");
        for (int queue = 0; queue < queues; queue++)
        {
            int number = First + 1 + queue;
            interrupts += string.Create(
                CultureInfo.InvariantCulture,
                $" {number}:         10 PCI-MSIX-0000:01:00.0   {queue + 1}-edge      eth7-TxRx-{queue}\n");
            Write($"/sys/class/net/eth7/device/msi_irqs/{number}", "msix");
            Write($"/proc/irq/{number}/smp_affinity_list", "0-7");
            Write($"/sys/class/net/eth7/queues/tx-{queue}/xps_cpus", "00000000,00000000");
            Write($"/sys/class/net/eth7/queues/rx-{queue}/rps_cpus", queue == 0 ? "00000000" : "000000ff");
        }

        Write("/proc/interrupts", interrupts);
    }

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, text + "\n");
    }

    private string Read(string path) => File.ReadAllText(_root + path).TrimEnd('\n');
}
