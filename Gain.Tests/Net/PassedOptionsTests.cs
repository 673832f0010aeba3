using System.Globalization;
using System.Net;
using Gain.Kernel;
using Gain.Sockets;

namespace Gain.Tests.Net;

/// <summary>The server's socket options hold for a listener that systemd has opened, too.</summary>
[NonParallelizable]
public sealed class PassedOptionsTests
{
    private const int First = 900;

    [TestCase(true)]
    [TestCase(false)]
    public void Options_that_the_unit_did_not_set_are_the_servers(bool noDelay)
    {
        var endPoint = new IPEndPoint(IPAddress.Loopback, 0);
        int opened = SocketOptions.OpenStream(endPoint);
        Assert.That(SocketOptions.Bind(opened, endPoint), Is.Zero);
        Assert.That(Libc.Listen(opened, 1), Is.Zero);

        // The other way round than it is to be.
        SocketOption.NoDelay.Set(opened, noDelay ? 0 : 1);
        int fd = Libc.Duplicate(opened, First);
        Libc.Close(opened);
        Assert.That(fd, Is.EqualTo(First), "the number is taken");
        string[] environment =
            ["LISTEN_PID", Environment.ProcessId.ToString(CultureInfo.InvariantCulture), "LISTEN_FDS", "1"];
        var passed = new PassedDescriptors(
            name => Array.IndexOf(environment, name) is >= 0 and var at ? environment[at + 1] : null,
            Environment.ProcessId,
            First);
        var settings = new SocketSettings { NoDelay = noDelay, KeepAliveIdle = TimeSpan.FromSeconds(33) };
        using (ActivatedListeners.Open(new SystemdAddress(null, passed), passed, workers: 1, settings))
        {
            Assert.That(SocketOption.NoDelay.Get(fd), Is.EqualTo(noDelay ? 1 : 0));
            Assert.That(SocketOption.KeepAliveIdle.Get(fd), Is.EqualTo(33));
        }

        Libc.Close(fd);
    }
}
