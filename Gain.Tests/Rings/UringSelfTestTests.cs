using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>
/// The test of the kernel that a server begins with. Other tests take its word for whether there is io_uring,
/// and so would say nothing if it refused a kernel that is good enough.
/// </summary>
[NonParallelizable]
internal sealed class UringSelfTestTests
{
    private static readonly string[] s_checks =
    [
        "wait with a time limit", "multishot poll", "multishot receive into a buffer ring",
        "multishot accept",
    ];

    [Test]
    public void Recent_kernel_passes_all_and_keeps_nothing()
    {
        RequireRing();
        string[] descriptors = Descriptors.OfGain();
        string[] sockets = OpenSockets.List();
        long mapped = NativePages.MappedBytes;
        UringVerdict verdict = UringSelfTest.Run(KernelRingCalls.Instance);
        Assert.That(verdict.Reason, Is.Null);
        Assert.That(verdict.Works);
        Assert.That(verdict.Advice, Is.Empty);
        Assert.That(verdict.Checks.Select(check => check.What), Is.EqualTo(s_checks));
        Assert.That(verdict.Checks.Select(check => check.Fault), Has.All.Null);
        Assert.That(Descriptors.OfGain(), Is.EqualTo(descriptors));
        Assert.That(OpenSockets.List(), Is.EqualTo(sockets));
        Assert.That(NativePages.MappedBytes, Is.EqualTo(mapped));
    }

    [TestCase(FilteredCall.Bind)]
    [TestCase(FilteredCall.Listen)]
    public void Check_that_cannot_be_made_is_the_reason_and_the_last(FilteredCall call)
    {
        RequireRing();
        string[] sockets = OpenSockets.List();
        UringVerdict? verdict = null;
        FilteredThread.Run(
            call, Errno.EPERM, () => verdict = UringSelfTest.Run(KernelRingCalls.Instance));
        Assert.That(verdict!.Works, Is.False);
        Assert.That(
            verdict.Reason,
            Is.EqualTo("no multishot accept: there was no Unix socket to test it with"));
        Assert.That(verdict.Advice, Does.Contain("Linux 6.1"));
        Assert.That(verdict.Checks.Select(check => check.What), Is.EqualTo(s_checks));
        Assert.That(OpenSockets.List(), Is.EqualTo(sockets));
    }

    [TestCase(FilteredCall.Socket, "socket")]
    [TestCase(FilteredCall.EventFd, "eventfd")]
    public void Descriptors_that_run_out_say_nothing_of_the_kernel(FilteredCall call, string name)
    {
        RequireRing();
        string[] descriptors = Descriptors.OfGain();
        string[] sockets = OpenSockets.List();
        GainException? refused = null;
        FilteredThread.Run(
            call,
            Errno.EMFILE,
            () => refused = Assert.Throws<GainException>(
                () => UringSelfTest.Run(KernelRingCalls.Instance)));
        Assert.That(refused!.ErrorCode, Is.EqualTo(GainError.LimitReached));
        Assert.That(refused.Message, Does.StartWith($"Cannot test io_uring: {name}: "));
        Assert.That(Descriptors.OfGain(), Is.EqualTo(descriptors));
        Assert.That(OpenSockets.List(), Is.EqualTo(sockets));
    }

    // By the kernel alone, not by what is tested here.
    private static void RequireRing()
    {
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < new Version(6, 1))
        {
            Assert.Ignore("kernels before Linux 6.1 may lack what is asked for");
        }

        try
        {
            Ring.Create(new RingOptions { Entries = 8 }).Dispose();
        }
        catch (RingException refused)
        {
            Assert.Ignore($"rings are refused here: {refused.Message}");
        }
    }
}
