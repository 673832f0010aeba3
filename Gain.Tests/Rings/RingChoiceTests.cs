using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Tests.Uring;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>Which ring a process has, and for how long it stays with it.</summary>
[NonParallelizable]
internal sealed class RingChoiceTests
{
    [Test]
    public void A_kernel_that_is_played_and_refuses_changes_nothing_for_the_process()
    {
        RingAvailability.Require(GainRing.Uring);
        RingChoice played = RingChoice.Make(GainRing.Auto, new PlayedKernel());
        RingChoice fallen = played.FallBack(
            new GainException(GainError.RingUnavailable, "No memory.", Errno.ENOMEM));
        Assert.That(fallen.Ring, Is.EqualTo(GainRing.Epoll));
        Assert.That(fallen.FellBack);
        Assert.That(
            RingChoice.Make(GainRing.Auto, KernelRingCalls.Instance).Ring, Is.EqualTo(GainRing.Uring));
    }
}
