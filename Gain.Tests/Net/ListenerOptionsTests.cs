using System.Net;
using Gain.Kernel;
using Gain.Sockets;
using static Gain.Kernel.SocketAbi;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>What is a listener's alone, read from the listener.</summary>
public sealed class ListenerOptionsTests
{
    [Test]
    public void Fast_open_has_its_queue() => Read(
        new SocketSettings { FastOpenQueue = 17 }, IPPROTO_TCP, TCP_FASTOPEN, Is.EqualTo(17));

    // The kernel stores retransmissions: the next sum of 1, 2, 4, … seconds.
    [Test]
    public void Accept_is_deferred_at_least_as_long_as_asked() => Read(
        new SocketSettings { DeferAccept = TimeSpan.FromSeconds(5) },
        IPPROTO_TCP,
        TCP_DEFER_ACCEPT,
        Is.InRange(5, 10));

    [TestCase(false, 0)]
    [TestCase(true, 1)]
    public void Wildcard_is_dual_stack_unless_IPv6_is_asked_for(bool isV6Only, int expected)
    {
        Listen.SkipWithoutIPv6();
        foreach (string address in new[] { "tcp://*:0", "tcp://[::]:0" })
        {
            Read(
                new SocketSettings { IPv6Only = isV6Only },
                IPPROTO_IPV6,
                IPV6_V6ONLY,
                Is.EqualTo(expected),
                address);
        }
    }

    [Test]
    public void IPv4_address_does_not_mind_IPv6_alone()
    {
        var options = new GainOptions { Sockets = { IPv6Only = true } };
        using ListenerSet listeners = ServerAddress.Parse("tcp4://127.0.0.1:0").Open(1, options);

        Assert.That(listeners.EndPoints[0].Address, Is.EqualTo(IPAddress.Loopback));
    }

    [Test]
    public void Socket_that_systemd_passed_gets_the_options()
    {
        // As PassedDescriptors sees it: a listener that somebody else opened.
        using ListenerGroup foreign = Listen.On("tcp://127.0.0.1:0");
        int fd = foreign.TakeListener(0, 0);
        try
        {
            ListenerOptions.Apply(fd, new SocketSettings { KeepAliveIdle = TimeSpan.FromSeconds(9) });

            Assert.That(SocketOptions.GetInt(fd, IPPROTO_TCP, TCP_KEEPIDLE, out int idle), Is.Zero);
            Assert.That(idle, Is.EqualTo(9));
        }
        finally
        {
            SocketOptions.Close(fd);
        }
    }

    [Test]
    public void Refusal_names_the_option_the_value_and_the_way_out()
    {
        GainException refused = Assert.Throws<GainException>(() => SocketOption.Mark.Set(-1, 5))!;
        Assert.That(refused.Message, Does.StartWith("Cannot set SO_MARK to 5 on descriptor -1: "));
        Assert.That(refused.Errno, Is.EqualTo(Errno.EBADF));

        refused = SocketOption.Mark.Refused("set SO_MARK to 5", 7, Errno.EPERM);
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.PermissionDenied));
        Assert.That(refused.Message, Does.Contain("CAP_NET_ADMIN").And.Contain("leave it out"));

        refused = SocketOption.UserTimeout.Refused("set TCP_USER_TIMEOUT to 5", 7, Errno.EINVAL);
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.OptionInvalid));
        Assert.That(refused.Message, Does.Contain("man 7 tcp"));
    }

    [Test]
    public void Nothing_stays_open_when_an_option_is_refused()
    {
        string[] before = OpenSockets.List();

        // More than int.MaxValue, halved by nobody: the kernel refuses a count beyond 127, which Validated
        // would have refused before.
        var settings = new SocketSettings { KeepAliveIdle = TimeSpan.FromSeconds(1), KeepAliveCount = 128 };
        GainException refused = Assert.Throws<GainException>(() => ServerAddress.Parse("tcp://127.0.0.1:0")
            .Open(2, new GainOptions { Sockets = settings }))!;

        Assert.That(refused.Message, Does.Contain("TCP_KEEPCNT to 128"));
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    private static void Read(
        SocketSettings settings,
        int level,
        int name,
        NUnit.Framework.Constraints.IResolveConstraint expected,
        string address = "tcp://127.0.0.1:0")
    {
        var options = new GainOptions { Sockets = settings };
        using ListenerSet listeners = ServerAddress.Parse(address).Open(2, options);
        for (int worker = 0; worker < 2; worker++)
        {
            int fd = listeners.TakeListener(worker, 0);
            try
            {
                Assert.That(SocketOptions.GetInt(fd, level, name, out int value), Is.Zero);
                Assert.That(value, expected, $"worker {worker}");
            }
            finally
            {
                SocketOptions.Close(fd);
            }
        }
    }
}
