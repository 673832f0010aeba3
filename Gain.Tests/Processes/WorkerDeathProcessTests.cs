using System.Net.Sockets;
using Gain.Kernel;
using Gain.Tests.Cli;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Processes;

/// <summary>
/// A worker that dies ends its process. Only an io_uring can be told of a completion from another process.
/// </summary>
[NonParallelizable]
public class WorkerDeathProcessTests
{
    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(GainRing.Uring);

    [Test]
    public async Task Process_whose_worker_died_exits_with_1_and_says_why()
    {
        await using CliProcess cli = await CliProcess.StartAsync("--handler echo --workers 2 --ring uring");
        using Socket client = await cli.ConnectAsync();
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);
        int result = ForeignDescriptors.WithFirst(
            cli.Id, "anon_inode:[io_uring]", descriptor => Ring.SendMessage(descriptor, 0, 0));
        if (result == -Errno.EINVAL)
        {
            Assert.Ignore("This kernel cannot send messages to a ring without one (Linux 6.13).");
        }

        Assert.That(result, Is.Zero);
        Assert.That(await cli.AwaitEndAsync(), Is.EqualTo(1));
        string errors = string.Join('\n', cli.Errors);
        Assert.That(errors, Does.Match("gain: Worker [01] failed").And.Contain("no known operation"));
        await Clients.AssertEndedAsync(client);
    }
}
