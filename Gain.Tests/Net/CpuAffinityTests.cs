using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

public sealed class CpuAffinityTests
{
    [Test]
    public void Lists_the_CPUs_of_the_process_ascending()
    {
        int[] cpus = CpuAffinity.GetProcessCpus();

        Assert.That(cpus, Is.Not.Empty);
        Assert.That(cpus, Is.Ordered.And.Unique);
    }

    [Test]
    public void Pins_a_thread_to_each_CPU_and_leaves_the_others_alone()
    {
        int[] before = CpuAffinity.GetProcessCpus();

        foreach (int cpu in before)
        {
            int[] pinned = OnThread(() =>
            {
                CpuAffinity.PinThread(cpu);
                return CpuAffinity.GetThreadCpus();
            });
            Assert.That(pinned, Is.EqualTo(new[] { cpu }));
        }
        Assert.That(CpuAffinity.GetProcessCpus(), Is.EqualTo(before));
    }

    [TestCase(100_000)]
    [TestCase(int.MaxValue)]
    public void Refuses_a_CPU_that_is_not_there_and_says_which_are(int cpu)
    {
        string allowed = CpuAffinity.Format(CpuAffinity.GetProcessCpus());

        var error = Assert.Throws<GainException>(() => OnThread(() =>
        {
            CpuAffinity.PinThread(cpu);
            return 0;
        }));

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(error.Errno, Is.EqualTo(Errno.EINVAL));
        Assert.That(error.Message, Does.Contain($"CPU {cpu}:").And.Contains(allowed));
    }

    [Test]
    public void Refuses_a_negative_CPU()
    {
        Assert.That(() => CpuAffinity.PinThread(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Grows_the_mask_until_a_machine_of_4096_CPUs_fits()
    {
        var sizes = new List<int>();

        int[] cpus = CpuAffinity.GetCpus(mask =>
        {
            sizes.Add(mask.Length * 64);
            if (mask.Length * 64 < 4096)
            {
                return -Errno.EINVAL;
            }
            mask[0] = 0b101;
            mask[63] = 1UL << 63;
            return 0;
        });

        Assert.That(sizes, Is.EqualTo(new[] { 1024, 2048, 4096 }));
        Assert.That(cpus, Is.EqualTo(new[] { 0, 2, 4095 }));
    }

    [Test]
    public void Gives_up_when_no_mask_is_long_enough_and_on_any_other_error()
    {
        Assert.That(() => CpuAffinity.GetCpus(_ => -Errno.EINVAL), ThrowsSystemError(Errno.EINVAL));
        Assert.That(() => CpuAffinity.GetCpus(_ => -Errno.EPERM), ThrowsSystemError(Errno.EPERM));
    }

    [TestCase(new[] { 3 }, "CPU 3")]
    [TestCase(new[] { 0, 1, 2, 3, 8 }, "CPUs 0-3,8")]
    [TestCase(new[] { 0, 2, 3 }, "CPUs 0,2-3")]
    public void Writes_CPUs_as_ranges(int[] cpus, string text)
    {
        Assert.That(CpuAffinity.Format(cpus), Is.EqualTo(text));
    }

    private static NUnit.Framework.Constraints.IResolveConstraint ThrowsSystemError(int errno) =>
        Throws.TypeOf<GainException>()
            .With.Property(nameof(GainException.ErrorCode)).EqualTo(GainError.SystemError)
            .And.Property(nameof(GainException.Errno)).EqualTo(errno);

    private static T OnThread<T>(Func<T> function) =>
        Task.Factory.StartNew(function, TaskCreationOptions.LongRunning).GetAwaiter().GetResult();
}
