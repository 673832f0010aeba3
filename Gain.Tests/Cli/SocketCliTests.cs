using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>The options of sockets and threads, as a user of the command line gives them.</summary>
public class SocketCliTests
{
    [Test]
    public async Task Keep_alive_and_buffers_are_those_of_the_connections()
    {
        await using CliProcess cli = await CliProcess.StartAsync(
            "--handler echo --tcp-keep-alive 77 --socket-receive-buffer 16384 --socket-send-buffer 32768");
        using Socket client = await cli.ConnectAsync();
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 5);

        string sockets = await Tool.RunAsync(
            "ss", $"-tonmH state established \"sport = :{cli.Endpoint.Port}\"");

        Assert.That(sockets, Does.Contain("keepalive,1min"));
        Assert.That(sockets, Does.Contain("rb32768,").And.Contain("tb65536,"));
    }

    [Test]
    public async Task Workers_have_the_priority_and_a_CPU_each()
    {
        await using CliProcess cli = await CliProcess.StartAsync(
            "--handler echo --workers 2 --cpu-affinity --cbpf --process-priority 7");

        string[] workers = WorkersOf(cli);

        Assert.That(workers, Has.Length.EqualTo(2));
        Assert.That(workers.Select(NiceOf), Has.All.EqualTo("7"));
        Assert.That(workers.Select(CpusOf), Is.Unique.And.All.Not.Contain(",").And.All.Not.Contain("-"));
    }

    [Test]
    public async Task Worker_is_not_pinned_to_a_CPU_that_the_process_may_not_use()
    {
        Tool.Require("taskset");
        int last = Gain.Sockets.CpuAffinity.GetProcessCpus()[^1];
        await using CliProcess cli = await CliProcess.StartAsync(
            "--handler echo --workers 1 --cpu-affinity", launcher: $"taskset -c {last} ");

        Assert.That(CpusOf(WorkersOf(cli).Single()), Is.EqualTo($"{last}"));
    }

    [Test]
    public async Task Worker_is_not_pinned_to_a_CPU_outside_the_cpuset()
    {
        int[] cpus = Gain.Sockets.CpuAffinity.GetProcessCpus();
        if (cpus.Length < 2)
        {
            Assert.Ignore(
                $"This process may use {Gain.Sockets.CpuAffinity.Format(cpus)}, and the test needs 2.");
        }

        using CpusetGroup group = CpusetGroup.Make(cpus[^1]);
        await using CliProcess cli = await CliProcess.StartAsync(
            "--handler echo --workers 1 --cpu-affinity", launcher: group.Launcher);

        Assert.That(CpusOf(WorkersOf(cli).Single()), Is.EqualTo($"{cpus[^1]}"));
    }

    [TestCase("--cbpf --workers 1", "GainOptions.CpuSteering is PacketFilter without CpuAffinity")]
    [TestCase("--process-priority 20", "GainOptions.NiceValue is 20, but must be -20 to 19")]
    [TestCase("--tcp-keep-alive 40000", "GainOptions.Sockets.KeepAliveIdle is 11:06:40")]
    [TestCase("--socket-send-buffer -1", "GainOptions.Sockets.SendBufferBytes is -1")]
    public async Task Impossible_value_is_a_usage_error(string arguments, string message)
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync($"--port 0 {arguments}");

        Assert.That(errors, Does.Contain(message));
        Assert.That(exitCode, Is.EqualTo(2));
    }

    // Their threads, as directories of /proc.
    private static string[] WorkersOf(CliProcess cli) =>
        [.. Directory.EnumerateDirectories($"/proc/{cli.Id}/task")
            .Where(task => File.ReadAllText($"{task}/comm")
                .StartsWith("gain-worker-", StringComparison.Ordinal))];

    // The nice value is the 19th field of stat, the 17th after the name.
    private static string NiceOf(string task)
    {
        string stat = File.ReadAllText($"{task}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16];
    }

    private static string CpusOf(string task) => File.ReadLines($"{task}/status")
        .First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))
        ["Cpus_allowed_list:".Length..].Trim();
}
