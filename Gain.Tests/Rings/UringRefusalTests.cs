using Gain.Kernel;
using Gain.Rings;

namespace Gain.Tests.Rings;

public class UringRefusalTests
{
    [TestCase(Errno.EPERM, true, 0, "EPERM, refused by a seccomp filter")]
    [TestCase(
        Errno.EPERM,
        true,
        2,
        "EPERM, refused by a seccomp filter or by kernel.io_uring_disabled = 2")]
    [TestCase(Errno.EPERM, false, 2, "EPERM, refused by kernel.io_uring_disabled = 2")]
    [TestCase(Errno.EPERM, false, 1, "EPERM, refused by kernel.io_uring_disabled = 1")]
    [TestCase(Errno.EPERM, false, 0, "EPERM, refused by a security module")]
    [TestCase(Errno.EACCES, true, 0, "EACCES, refused by a seccomp filter")]
    [TestCase(Errno.ENOSYS, true, 0, "ENOSYS, hidden by a seccomp filter or not in this kernel")]
    [TestCase(Errno.ENOSYS, false, 0, "ENOSYS, not in this kernel")]
    [TestCase(Errno.ENOMEM, false, 0, "ENOMEM, over the memlock limit (`ulimit -l`)")]
    public void The_reason_names_who_refused(int errno, bool isFiltered, int disabled, string reason) =>
        Assert.That(UringRefusal.Describe(errno, isFiltered, disabled), Is.EqualTo(reason));
}
