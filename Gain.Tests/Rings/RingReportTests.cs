using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Rings;

public sealed class RingReportTests
{
    [Test]
    public void Report_says_what_a_server_runs_on_and_why()
    {
        var report = RingReport.Examine();
        UringVerdict verdict = RingChoice.Make(GainRing.Auto, KernelRingCalls.Instance).Verdict!;
        Assert.That(report.Ring, Is.EqualTo(report.Reason is null ? GainRing.Uring : GainRing.Epoll));
        Assert.That(report.Reason, Is.EqualTo(verdict.Reason));
        Assert.That(report.Advice, Is.EqualTo(verdict.Advice));
        Assert.That(report.Errno, Is.EqualTo(verdict.Errno));
        Assert.That(report.Features, Is.EqualTo(verdict.Features));
        Assert.That(
            report.Checks.Select(test => (test.Name, test.Fault)),
            Is.EqualTo(verdict.Checks.Select(check => (check.What, check.Fault))));
    }

    [Test]
    public void Report_of_a_machine_with_io_uring_lists_what_works()
    {
        var report = RingReport.Examine();
        if (report.Reason is { } reason)
        {
            Assert.Ignore($"io_uring is refused here: {reason}");
        }

        Assert.That(report.Errno, Is.Zero);
        Assert.That(report.Features, Is.Not.EqualTo(default(RingFeatures)));
        Assert.That(report.SetupFlags, Is.Not.Empty.And.All.Match("^[A-Z_]+$"));
        Assert.That(report.Checks, Is.Not.Empty);
        Assert.That(report.Checks.Select(test => test.Fault), Has.All.Null);
        Assert.That(report.Checks.Select(test => test.Name), Is.Unique.And.All.Not.Empty);
    }
}
