using Gain.Kernel;

namespace Gain.Tests.Kernel;

[TestFixture]
internal sealed unsafe class LibcTests
{
    private const int NoDescriptor = -1;

    [Test]
    public void A_failed_call_returns_its_negated_errno() => Assert.Multiple(() =>
    {
        byte b = 0;
        Assert.That(Libc.Close(NoDescriptor), Is.EqualTo(-Errno.EBADF));
        Assert.That(Libc.Read(NoDescriptor, &b, 1), Is.EqualTo((nint)(-Errno.EBADF)));
        Assert.That(Libc.Write(NoDescriptor, &b, 1), Is.EqualTo((nint)(-Errno.EBADF)));
        Assert.That(Libc.EventFd(0, -1), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.IoUringEnter(NoDescriptor, 0, 0, 0, null, 0), Is.EqualTo(-Errno.EBADF));
        Assert.That(Libc.IoUringSetup(0, null), Is.AnyOf(-Errno.EFAULT, -Errno.EPERM, -Errno.ENOSYS));
        Assert.That(Libc.MMap(4096, 0, Libc.MAP_PRIVATE, -1, 0, out void* address), Is.EqualTo(-Errno.EBADF));
        Assert.That(address == null);
        Assert.That(Libc.MUnmap((void*)1, 1), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.MAdvise((void*)1, 1, 0), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.GetRLimit(-1, null), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.ClockGetTime(-1000, null), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.Pipe2(null, -1), Is.EqualTo(-Errno.EINVAL));
    });

    [Test]
    public void An_eventfd_carries_its_count()
    {
        int fd = Libc.EventFd(3, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);
        Assert.That(fd, Is.GreaterThan(0));
        try
        {
            ulong value = 4;
            Assert.That(Libc.Write(fd, &value, sizeof(ulong)), Is.EqualTo((nint)sizeof(ulong)));
            pollfd poll = new() { fd = fd, events = Libc.POLLIN };
            Assert.That(Libc.Poll(&poll, 1, 0), Is.EqualTo(1));
            Assert.That(poll.revents, Is.EqualTo(Libc.POLLIN));
            Assert.That(Libc.Read(fd, &value, sizeof(ulong)), Is.EqualTo((nint)sizeof(ulong)));
            Assert.That(value, Is.EqualTo(7));
            Assert.That(Libc.Read(fd, &value, sizeof(ulong)), Is.EqualTo((nint)(-Errno.EAGAIN)));
        }
        finally
        {
            Assert.That(Libc.Close(fd), Is.Zero);
        }
    }

    [Test]
    public void Memory_is_mapped_advised_and_unmapped()
    {
        const int bytes = 8192;
        int result = Libc.MMap(
            bytes, Libc.PROT_READ | Libc.PROT_WRITE, Libc.MAP_PRIVATE | Libc.MAP_ANONYMOUS, -1, 0,
            out void* address);
        Assert.That(result, Is.Zero);
        new Span<byte>(address, bytes).Fill(0xA5);
        Assert.That(Libc.MAdvise(address, bytes, Libc.MADV_DONTFORK), Is.Zero);
        Assert.That(Libc.MUnmap(address, bytes), Is.Zero);
    }

    [Test]
    public void The_monotonic_clock_is_the_runtimes()
    {
        long before = System.Diagnostics.Stopwatch.GetTimestamp();
        __kernel_timespec time;
        Assert.That(Libc.ClockGetTime(Libc.CLOCK_MONOTONIC, &time), Is.Zero);
        long after = System.Diagnostics.Stopwatch.GetTimestamp();
        Assert.That((time.tv_sec * 1_000_000_000) + time.tv_nsec, Is.InRange(before, after));
    }
}
