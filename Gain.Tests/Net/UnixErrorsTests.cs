using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

public class UnixErrorsTests
{
    private const string Path = "unix:///run/app/gain.sock";

    [TestCase(Path, Errno.EADDRINUSE, GainError.AddressInUse, "`ss -xlp src '/run/app/gain.sock'`")]
    [TestCase("unix://@gain", Errno.EADDRINUSE, GainError.AddressInUse, "`ss -xlp src '@gain'`")]
    [TestCase(Path, Errno.ENOENT, GainError.AddressNotAvailable, "there is no directory /run/app")]
    [TestCase(Path, Errno.ENOTDIR, GainError.AddressNotAvailable, "a part of /run/app is no directory")]
    [TestCase(Path, Errno.EROFS, GainError.AddressNotAvailable, "/run/app lies on a read-only file system")]
    [TestCase(Path, Errno.EACCES, GainError.PermissionDenied, "may not write to /run/app")]
    [TestCase(Path, Errno.EPERM, GainError.PermissionDenied, "a directory of its own")]
    [TestCase(Path, Errno.EMFILE, GainError.LimitReached, "raise `ulimit -n`")]
    [TestCase(Path, Errno.ENFILE, GainError.LimitReached, "out of files, memory or disk space")]
    [TestCase(Path, Errno.ENOMEM, GainError.LimitReached, "out of files, memory or disk space")]
    [TestCase(Path, Errno.ENOBUFS, GainError.LimitReached, "out of files, memory or disk space")]
    [TestCase(Path, Errno.ENOSPC, GainError.LimitReached, "out of files, memory or disk space")]
    [TestCase(Path, Errno.EDQUOT, GainError.LimitReached, "out of files, memory or disk space")]
    [TestCase(Path, Errno.ENOTSOCK, GainError.SystemError, "the kernel refused, ENOTSOCK")]
    public void Say_what_failed_and_what_to_do(string address, int errno, GainError code, string advice) =>
        AssertSays(UnixErrors.For(Parse(address), errno), address, errno, code, advice);

    [TestCase(Errno.EAGAIN, GainError.AddressInUse, "find it with `fuser /run/app/gain.sock.lock`")]
    [TestCase(Errno.EEXIST, GainError.AddressInUse, "is no regular file; move it away")]
    [TestCase(Errno.ELOOP, GainError.AddressInUse, "is no regular file; move it away")]
    [TestCase(Errno.EISDIR, GainError.AddressInUse, "is no regular file; move it away")]
    [TestCase(Errno.ENXIO, GainError.AddressInUse, "is no regular file; move it away")]
    [TestCase(Errno.EACCES, GainError.PermissionDenied, "another user's server left has to be removed")]
    [TestCase(Errno.EPERM, GainError.PermissionDenied, "cannot be made or opened, EPERM")]
    [TestCase(Errno.ENOENT, GainError.AddressNotAvailable, "there is no directory /run/app")]
    [TestCase(Errno.ENOSPC, GainError.LimitReached, "out of files, memory or disk space")]
    public void Say_what_is_wrong_with_the_lock_and_what_to_do(int errno, GainError code, string advice) =>
        AssertSays(
            UnixErrors.ForLock(Parse(Path), new FilePath("/run/app/gain.sock.lock"), errno),
            Path, errno, code, advice);

    private static void AssertSays(
        GainException error, string address, int errno, GainError code, string advice)
    {
        Assert.That(error.ErrorCode, Is.EqualTo(code));
        Assert.That(error.Errno, Is.EqualTo(errno));
        Assert.That(error.Message, Does.StartWith($"Cannot listen on {address}: "));
        Assert.That(error.Message, Does.Contain(advice));
    }

    private static UnixAddress Parse(string address) => (UnixAddress)ServerAddress.Parse(address);
}
