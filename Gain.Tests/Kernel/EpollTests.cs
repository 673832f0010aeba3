using Gain.Kernel;

namespace Gain.Tests.Kernel;

[TestFixture]
internal sealed unsafe class EpollTests
{
    [Test]
    public void An_event_carries_the_registered_data_whatever_its_place()
    {
        int epoll = Libc.EpollCreate(Libc.EPOLL_CLOEXEC);
        int first = Libc.EventFd(1, Libc.EFD_CLOEXEC);
        int second = Libc.EventFd(1, Libc.EFD_CLOEXEC);
        try
        {
            const ulong low = 0x0123456789ABCDEF;
            const ulong high = 0xFEDCBA9876543210;
            Assert.That(Libc.EpollControl(epoll, Libc.EPOLL_CTL_ADD, first, Libc.EPOLLIN, low), Is.Zero);
            Assert.That(Libc.EpollControl(epoll, Libc.EPOLL_CTL_ADD, second, Libc.EPOLLIN, high), Is.Zero);
            byte* events = stackalloc byte[2 * Libc.EpollEventBytes];
            Assert.That(Libc.EpollWait(epoll, events, 2, 0), Is.EqualTo(2));
            ulong[] data = [Libc.EpollDataAt(events, 0), Libc.EpollDataAt(events, 1)];
            Assert.That(data, Is.EquivalentTo(new[] { low, high }));
            Assert.That(Libc.EpollEventsAt(events, 1), Is.EqualTo(Libc.EPOLLIN));
        }
        finally
        {
            Libc.Close(first);
            Libc.Close(second);
            Libc.Close(epoll);
        }
    }

    [Test]
    public void A_refused_call_returns_its_negated_errno() => Assert.Multiple(() =>
    {
        Assert.That(Libc.EpollCreate(-1), Is.EqualTo(-Errno.EINVAL));
        Assert.That(Libc.EpollControl(-1, Libc.EPOLL_CTL_DEL, 0, 0, 0), Is.EqualTo(-Errno.EBADF));
        Assert.That(Libc.EpollWait(-1, null, 1, 0), Is.AnyOf(-Errno.EBADF, -Errno.EFAULT));
    });
}
