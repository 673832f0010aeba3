using System.Net;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

/// <summary>Shorthand for tests that listen.</summary>
internal static class Listen
{
    internal static ListenerGroup On(string address, int workers = 1) =>
        ListenerGroup.Open(ListenAddress.Parse(address), workers);

    /// <summary>
    /// A port that nothing listens on. The group that finds it shuts no connection, so it is free at once.
    /// </summary>
    internal static int FreePort()
    {
        using ListenerGroup group = On("tcp://localhost:0");
        return group.BoundEndpoints[0].Port;
    }

    /// <summary>A socket as another program makes it, bound and not listening yet.</summary>
    internal static int ForeignSocket(
        IPEndPoint endPoint, bool reuseAddress, bool reusePort, out int bindResult)
    {
        int fd = SocketOptions.OpenStream(endPoint);
        Assert.That(fd, Is.GreaterThanOrEqualTo(0));
        Assert.That(SocketOptions.SetReuseAddress(fd, reuseAddress), Is.Zero);
        Assert.That(SocketOptions.SetReusePort(fd, reusePort), Is.Zero);
        bindResult = SocketOptions.Bind(fd, endPoint);
        return fd;
    }

    internal static void IsRefusedAsInUse(string address, int workers)
    {
        var error = Assert.Throws<GainException>(() => On(address, workers).Dispose());

        string port = address[(address.LastIndexOf(':') + 1)..];
        string sockets = address.StartsWith("udp", StringComparison.Ordinal) ? "-lunp" : "-ltnp";
        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        Assert.That(error.Errno, Is.EqualTo(Errno.EADDRINUSE));
        Assert.That(error.Message, Does.Contain($"Cannot listen on {address} "));
        Assert.That(error.Message, Does.Contain("another process, or another server in this one"));
        Assert.That(error.Message, Does.Contain($"ss {sockets} 'sport = :{port}'"));
    }

    internal static void SkipWithoutIPv6()
    {
        if (!AddressProbe.CanBind(IPAddress.IPv6Loopback))
        {
            Assert.Ignore("This machine has no IPv6 loopback address.");
        }
    }
}
