using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Gain.Cli.Tuning;

/// <summary>Prints what an interface would need for perfect locality, or does it.</summary>
internal static class Tuner
{
    public static int Run(string name, string? cpuList, bool apply, string root)
    {
        try
        {
            var machine = new MachineTree(root);
            var plan = LocalityPlan.Make(machine, name, CpusOf(cpuList));
            if (apply && root.Length == 0 && !Environment.IsPrivilegedProcess)
            {
                throw new TuningException(
                    "--apply needs root: run it with sudo, or leave --apply out to look.");
            }

            Console.WriteLine(
                $"# {ShellText.Visible(name)}: {plan.Network.ReceiveQueues.Length} receive and "
                + $"{plan.Network.TransmitQueues.Length} transmit queues, on CPU "
                + $"{string.Join(", ", plan.Cpus)}");
            int failures = apply ? Apply(machine, plan) : Print(plan);
            PrintAdvice(plan);
            return failures == 0 ? 0 : 1;
        }
        catch (TuningException refused)
        {
            Console.Error.WriteLine($"gain: {refused.Message}");
            return refused.IsUsage ? CommandLine.UsageError : 1;
        }
    }

    private static int[] CpusOf(string? list)
    {
        string? text = list ?? File.ReadLines("/proc/self/status")
            .FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?
            ["Cpus_allowed_list:".Length..].Trim();
        return CpuList.Parse(text)
            ?? throw new TuningException($"--cpus is '{text}': give a list such as 0-3,8.", isUsage: true);
    }

    private static int Print(LocalityPlan plan)
    {
        foreach (int balancer in plan.Balancers)
        {
            Console.WriteLine(
                $"{StopCommand(balancer)}  # irqbalance, which would move the interrupts again");
        }

        foreach (Setting setting in plan.Settings)
        {
            Console.WriteLine(setting.Holds(setting.Current)
                ? ShellText.Visible($"# {setting.Path} is {setting.Current} already: {setting.Reason}")
                : $"echo {ShellText.Quote(setting.Value)} > {ShellText.Quote(setting.Path)}"
                + ShellText.Visible($"  # {setting.Reason}; now {setting.Current}"));
        }

        Console.WriteLine("# nothing was changed; --apply as root does it");
        return 0;
    }

    private static int Apply(MachineTree machine, LocalityPlan plan)
    {
        int failures = 0;
        foreach (int balancer in plan.Balancers)
        {
            failures += Stop(balancer) ? 0 : 1;
        }

        foreach (Setting setting in plan.Settings)
        {
            failures += Apply(machine, setting) ? 0 : 1;
        }

        return failures;
    }

    private static bool Apply(MachineTree machine, Setting setting)
    {
        if (setting.Holds(setting.Current))
        {
            Console.WriteLine(
                ShellText.Visible($"as it was  {setting.Path} {setting.Current}: {setting.Reason}"));
            return true;
        }

        try
        {
            machine.Write(setting.Path, setting.Value);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Of an interrupt that the kernel manages itself it is an input/output error.
            Console.Error.WriteLine(
                $"gain: cannot set {setting.Path} to {setting.Value}: {failure.Message} The driver may "
                + "place this one by itself.");
            return false;
        }

        string? found = machine.Read(setting.Path);
        if (setting.Holds(found))
        {
            Console.WriteLine(
                ShellText.Visible(
                    $"set        {setting.Path} {setting.Value}, was {setting.Current}: {setting.Reason}"));
            return true;
        }

        Console.Error.WriteLine(
            $"gain: {setting.Path} is {found} and not {setting.Value}, though it was written.");
        return false;
    }

    private static bool Stop(int process)
    {
        bool isStopped = Shell(Encoding.UTF8.GetBytes(StopCommand(process) + "\0")) == 0;
        if (isStopped)
        {
            Console.WriteLine($"stopped    irqbalance, process {process}");
        }
        else
        {
            Console.Error.WriteLine(
                $"gain: cannot stop irqbalance, process {process}: stop it, and try again.");
        }

        return isStopped;
    }

    // A service would be started again by systemd.
    private static string StopCommand(int process) => Directory.Exists("/run/systemd/system")
        ? "systemctl stop irqbalance"
        : string.Create(CultureInfo.InvariantCulture, $"kill -TERM {process}");

    private static void PrintAdvice(LocalityPlan plan)
    {
        string workers = string.Create(CultureInfo.InvariantCulture, $"--workers {plan.Cpus.Length}");
        Console.WriteLine(
            plan.HasIdleCpus
                ? $"# {plan.Network.ReceiveQueues.Length} queues for {plan.Cpus.Length} CPUs: the others' "
                + $"workers would get nothing; if the card has more, `ethtool -L "
                + $"{ShellText.Quote(plan.Network.Name)} combined {plan.Cpus.Length}`, else "
                + "start the server without --cbpf"
                : $"# start the server with {workers} --cpu-affinity --cbpf on these CPUs");
    }

    // system(3): the runtime's Process would make the program a twentieth larger.
    [DllImport("libc", EntryPoint = "system", ExactSpelling = true)]
    private static extern int Shell(byte[] command);
}
