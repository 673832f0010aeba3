using System.Net.Sockets;
using System.Text.Json;
using Gain.Kernel;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>Machines that refuse io_uring, made by a launcher. Each is a process of its own.</summary>
[Parallelizable(ParallelScope.Self)]
public class RefusedRingTests
{
    // For the test of io_uring, and not for its ring; and for that, but not for the rings of 64 workers.
    private const long NoMemory = 0;
    private const long LittleMemory = 256 << 10;

    [TestCase(Errno.EPERM, "EPERM, refused by")]
    [TestCase(Errno.ENOSYS, "ENOSYS, hidden by a seccomp filter")]
    public async Task Refused_by_a_seccomp_filter_it_serves_over_epoll_and_says_why(int errno, string reason)
    {
        await AssertServesOverEpollAsync(
            "--workers 2", RestrictedMachine.Filter(errno, CliProcess.Program), reason, "seccomp");
    }

    [TestCase("--workers 2", NoMemory)]
    [TestCase("--workers 64", LittleMemory)]
    public async Task Refused_for_want_of_memory_to_lock_it_serves_over_epoll_and_says_why(
        string workers, long bytes)
    {
        RingAvailability.Require(GainRing.Uring);
        await AssertServesOverEpollAsync(
            workers, RestrictedMachine.Memlock(bytes, CliProcess.Program), "ENOMEM", "ulimit -l");
    }

    [TestCase(Errno.EPERM)]
    [TestCase(Errno.ENOSYS)]
    public async Task Asked_for_and_refused_by_a_filter_it_ends_with_2_and_says_what_to_change(int errno)
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            "--port 0 --ring uring", RestrictedMachine.Filter(errno, CliProcess.Program));
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain(Errno.Name(errno)).And.Contain("seccomp"));
        Assert.That(errors, Does.Contain("allow io_uring_setup").And.Contain("GainOptions.Ring"));
    }

    [TestCase("--workers 2", NoMemory)]
    [TestCase("--workers 64", LittleMemory)]
    public async Task Asked_for_and_short_of_memory_it_ends_with_2_and_says_what_to_change(
        string workers, long bytes)
    {
        RingAvailability.Require(GainRing.Uring);
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(
            $"--port 0 --ring uring {workers}", RestrictedMachine.Memlock(bytes, CliProcess.Program));
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(output, Is.Empty);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain("ENOMEM").And.Contain("ulimit -l"));
    }

    [Test]
    public async Task Epoll_asked_for_needs_no_reason_and_logs_no_warning()
    {
        await using CliProcess cli = await CliProcess.StartAsync("--ring epoll --handler echo");
        await AssertEchoesAsync(cli);
        await cli.StopAsync();
        Assert.That(cli.Errors, Is.Empty);
        Assert.That(cli.Output[1], Does.Contain("epoll (GainOptions.Ring)"));
    }

    [Test]
    public async Task Doctor_says_what_there_is_and_what_would_be_used()
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync("doctor");
        Assert.That(exitCode, Is.Zero, errors);
        string[] names = ["kernel", "io_uring", "seccomp", "memlock limit", "descriptor limit"];
        Assert.That(output.Split('\n'), Has.Length.GreaterThan(names.Length));
        foreach (string name in names)
        {
            Assert.That(output.Split('\n'), Has.Some.StartsWith($"{name,-20} "));
        }

        Assert.That(output, Does.Match("Gain would use +(io_uring|epoll)$"));
    }

    [Test]
    public async Task Doctor_tells_programs_the_same()
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync("doctor --json");
        Assert.That(exitCode, Is.Zero, errors);
        JsonElement root = JsonDocument.Parse(output).RootElement;
        bool works = root.GetProperty("io_uring").GetProperty("works").GetBoolean();
        Assert.That(root.GetProperty("ring").GetString(), Is.EqualTo(works ? "io_uring" : "epoll"));
        Assert.That(
            root.GetProperty("kernel").GetString(),
            Is.EqualTo((await File.ReadAllTextAsync("/proc/sys/kernel/osrelease")).Trim()));
        Assert.That(
            root.GetProperty("io_uring").GetProperty("tests").EnumerateObject().All(t => works
                ? t.Value.GetString() == "works"
                : t.Value.GetString()!.Length != 0));
    }

    /// <summary>
    /// With fewer descriptors the runtime itself cannot start; with more, everything is found out. Between
    /// lie numbers that depend on the runtime, with which io_uring cannot be tested: all are tried.
    /// </summary>
    [Test]
    public async Task Doctor_tells_programs_the_same_however_few_descriptors_there_are()
    {
        int examined = 0;
        for (int descriptors = 40; descriptors <= 70; descriptors++)
        {
            (_, string output, string errors) = await CliProcess.RunAsync(
                "doctor --json", descriptors: descriptors);
            if (errors.Contains("Unhandled exception") || errors.Contains("Failed to create CoreCLR"))
            {
                continue;
            }

            JsonElement root = JsonDocument.Parse(output).RootElement;
            if (root.TryGetProperty("error", out JsonElement error))
            {
                Assert.That(error.GetString(), Does.Contain("EMFILE"));
            }
            else
            {
                Assert.That(root.TryGetProperty("ring", out _));
                examined++;
            }
        }

        Assert.That(examined, Is.GreaterThan(0));
    }

    [TestCase(Errno.EPERM)]
    [TestCase(Errno.ENOSYS)]
    public async Task Doctor_names_the_filter_that_refuses(int errno)
    {
        string launcher = RestrictedMachine.Filter(errno, CliProcess.Program);
        (int exitCode, string output, string errors) = await CliProcess.RunAsync("doctor", launcher);
        Assert.That(exitCode, Is.Zero, errors);
        string[] lines = output.Split('\n');
        Assert.That(lines, Has.Some.Matches($"^io_uring +cannot be used: {Errno.Name(errno)}, .*seccomp"));
        Assert.That(lines, Has.Some.Matches("^seccomp +filter$"));
        Assert.That(lines, Has.Some.Matches("^Gain would use +epoll$"));
    }

    [Test]
    public async Task Doctor_names_the_limit_that_is_too_low()
    {
        RingAvailability.Require(GainRing.Uring);
        string launcher = RestrictedMachine.Memlock(NoMemory, CliProcess.Program);
        (int exitCode, string output, string errors) = await CliProcess.RunAsync("doctor", launcher);
        Assert.That(exitCode, Is.Zero, errors);
        Assert.That(output, Does.Contain("cannot be used: ENOMEM").And.Contain("ulimit -l"));
        Assert.That(output.Split('\n'), Has.Some.Matches("^memlock limit +0 KiB$"));
    }

    private static async Task AssertServesOverEpollAsync(
        string arguments, string launcher, string reason, string wayOut)
    {
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo {arguments}", launcher: launcher);
        await AssertEchoesAsync(cli);
        await cli.AwaitErrorAsync(reason);
        (int exitCode, JsonElement summary) = await cli.StopAsync();

        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(1));
        Assert.That(cli.Output[1], Does.Contain($"epoll (io_uring: {reason}"));
        Assert.That(cli.Errors, Has.Length.EqualTo(1));
        Assert.That(cli.Errors[0], Does.Contain("Warning").And.Contain(wayOut).And.Contain("Ring = Epoll"));
    }

    private static async Task AssertEchoesAsync(CliProcess cli)
    {
        using Socket client = await cli.ConnectAsync();
        byte[] sent = Clients.Pattern(100_000, 3);
        Task sending = Clients.SendAllAsync(client, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
        await sending;
    }
}
