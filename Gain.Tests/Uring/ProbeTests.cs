using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Uring;

[TestFixture]
internal sealed class ProbeTests
{
    [Test]
    public void It_tells_the_operations_of_the_kernel()
    {
        using Ring ring = TestRing.Create();

        Probe probe = ring.GetProbe();

        Assert.Multiple(() =>
        {
            Assert.That(probe.IsSupported(RingOperation.Nop));
            Assert.That(probe.IsSupported(RingOperation.Receive));
            Assert.That(probe.IsSupported((RingOperation)250), Is.False);
        });
    }

    [Test]
    public void A_kernel_that_cannot_tell_has_none()
    {
        PlayedKernel kernel = new() { RegisterErrno = _ => Errno.EINVAL };
        using Ring ring = Ring.Create(new RingOptions(), kernel);

        Assert.That(ring.GetProbe().IsSupported(RingOperation.Nop), Is.False);
    }

    [Test]
    public void Its_operations_are_all_of_the_kernels()
    {
        IEnumerable<byte> kernel =
            typeof(IORING_OP).GetFields().Select(field => (byte)field.GetRawConstantValue()!).Order();
        IEnumerable<byte> named = Enum.GetValues<RingOperation>().Select(operation => (byte)operation);

        Assert.That(named, Is.EqualTo(kernel));
    }
}
