using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

[NonParallelizable]
public sealed class ListenErrorsTests
{
    [TestCase("tcp://127.0.0.1:80", Errno.EACCES, GainError.PermissionDenied, "cap_net_bind_service=+ep")]
    [TestCase("tcp://127.0.0.1:80", Errno.EACCES, GainError.PermissionDenied, "unprivileged_port_start=80")]
    [TestCase("tcp://127.0.0.1:8080", Errno.EACCES, GainError.PermissionDenied, "a security policy")]
    [TestCase("tcp://127.0.0.1:8080", Errno.EPERM, GainError.PermissionDenied, "EPERM")]
    [TestCase("tcp://[::1]:80", Errno.EAFNOSUPPORT, GainError.AddressNotAvailable, "has no IPv6")]
    [TestCase("tcp://[fe80::1%77]:80", Errno.ENODEV, GainError.AddressNotAvailable, "fe80::1%77")]
    [TestCase("tcp://127.0.0.1:80", Errno.EMFILE, GainError.LimitReached, "ulimit -n")]
    [TestCase("tcp://127.0.0.1:80", Errno.ENOBUFS, GainError.LimitReached, "out of files or memory")]
    [TestCase("tcp://127.0.0.1:80", Errno.ENOTSOCK, GainError.SystemError, "ENOTSOCK")]
    public void Say_what_failed_and_what_to_do(string address, int errno, GainError code, string advice)
    {
        var parsed = ListenAddress.Parse(address);

        GainException error = ListenErrors.For(parsed, parsed.Resolve()[0], errno);

        Assert.That(error.ErrorCode, Is.EqualTo(code));
        Assert.That(error.Errno, Is.EqualTo(errno));
        Assert.That(error.Message, Does.StartWith($"Cannot listen on {address} (at "));
        Assert.That(error.Message, Does.Contain(advice));
    }

    [TestCase("tcp://192.0.2.1:9000", "192.0.2.1")]
    [TestCase("tcp://[2001:db8::1]:9000", "2001:db8::1")]
    public void Name_an_address_that_the_machine_does_not_have(string address, string host)
    {
        Listen.SkipWithoutIPv6();
        string[] before = OpenSockets.List();

        var error = Assert.Throws<GainException>(() => Listen.On(address, workers: 3).Dispose());

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressNotAvailable));
        Assert.That(error.Errno, Is.EqualTo(Errno.EADDRNOTAVAIL));
        Assert.That(error.Message, Does.Contain($"this machine has no address {host}, EADDRNOTAVAIL"));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    [Test]
    public void Name_an_interface_that_the_machine_does_not_have()
    {
        Listen.SkipWithoutIPv6();

        var error = Assert.Throws<GainException>(() => Listen.On("tcp://[fe80::1%2000000000]:0").Dispose());

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressNotAvailable));
        Assert.That(error.Message, Does.Contain("fe80::1%2000000000"));
    }

    [Test]
    public void Say_how_to_be_allowed_a_privileged_port()
    {
        string setting = File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        int start = int.Parse(setting, CultureInfo.InvariantCulture);
        if (start <= 1)
        {
            Assert.Ignore("net.ipv4.ip_unprivileged_port_start lets everyone bind every port here.");
        }

        // Capabilities belong to a thread: one that gives its own up meets what a normal user meets.
        GainException? error = null;
        var thread = new Thread(() =>
        {
            DropCapabilities();
            error = Assert.Throws<GainException>(() => Listen.On("tcp://127.0.0.1:1", workers: 2).Dispose());
        });
        thread.Start();
        thread.Join();

        Assert.That(error, Is.Not.Null);
        Assert.That(error.ErrorCode, Is.EqualTo(GainError.PermissionDenied));
        Assert.That(error.Errno, Is.EqualTo(Errno.EACCES));
        Assert.That(error.Message, Does.Contain("setcap cap_net_bind_service=+ep"));
    }

    [Test]
    public void Misuse_of_a_descriptor_is_an_exception_that_names_it()
    {
        var error = Assert.Throws<GainException>(() => SocketOptions.GetLocalEndPoint(-1));

        Assert.That(error.ErrorCode, Is.EqualTo(GainError.SystemError));
        Assert.That(error.Errno, Is.EqualTo(Errno.EBADF));
        Assert.That(error.Message, Does.Contain("descriptor -1: EBADF"));
    }

    [Test]
    public void A_socket_without_a_peer_has_no_peer_address()
    {
        int fd = SocketOptions.OpenStream(new IPEndPoint(IPAddress.Loopback, 0));

        IPEndPoint? peer = SocketOptions.GetPeerEndPoint(fd);

        Libc.Close(fd);
        Assert.That(peer, Is.Null);
    }

    private static unsafe void DropCapabilities()
    {
        // capset(2), version 3: a header of version and thread, and no capability in any of the sets.
        uint* header = stackalloc uint[] { 0x20080522, 0 };
        uint* sets = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        Assert.That(capset(header, sets), Is.Zero);
    }

    [DllImport("libc", ExactSpelling = true)]
    private static extern unsafe int capset(uint* header, uint* sets);
}
