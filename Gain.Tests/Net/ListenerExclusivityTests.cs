using System.Net;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>A second server on a port must fail, whoever it is and whenever it comes.</summary>
[NonParallelizable]
public sealed class ListenerExclusivityTests
{
    private string[] _socketsBefore = [];

    [SetUp]
    public void CountSockets() => _socketsBefore = OpenSockets.List();

    [TearDown]
    public void Every_socket_is_closed() => Assert.That(OpenSockets.List(), Is.EqualTo(_socketsBefore));

    [Test]
    public void A_second_group_on_the_port_is_refused(
        [Values(1, 4)] int workers,
        [Values(1, 4)] int secondWorkers,
        [Values("tcp://127.0.0.1", "tcp://[::1]", "tcp4://*", "tcp6://*", "tcp://*", "tcp://localhost")]
        string host)
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On($"{host}:0", workers);

        Listen.IsRefusedAsInUse($"{host}:{group.BoundEndpoints[0].Port}", secondWorkers);
    }

    [TestCase("tcp://127.0.0.1", "tcp4://*")]
    [TestCase("tcp://127.0.0.1", "tcp://*")]
    [TestCase("tcp4://*", "tcp://127.0.0.1")]
    [TestCase("tcp4://*", "tcp://*")]
    [TestCase("tcp://*", "tcp://127.0.0.1")]
    [TestCase("tcp://*", "tcp6://[::1]")]
    [TestCase("tcp://*", "tcp4://*")]
    [TestCase("tcp6://*", "tcp://localhost")]
    public void A_group_whose_addresses_overlap_is_refused(string host, string secondHost)
    {
        Listen.SkipWithoutIPv6();
        foreach (int workers in new[] { 1, 3 })
        {
            using ListenerGroup group = Listen.On($"{host}:0", workers);
            string second = $"{secondHost}:{group.BoundEndpoints[0].Port}";

            Listen.IsRefusedAsInUse(second, workers: 1);
            Listen.IsRefusedAsInUse(second, workers: 3);
        }
    }

    [Test]
    public void Another_program_is_refused_even_with_REUSEPORT(
        [Values(1, 4)] int workers,
        [Values("tcp://127.0.0.1", "tcp://[::1]", "tcp4://*", "tcp6://*", "tcp://localhost")] string host,
        [Values] bool reuseAddress,
        [Values] bool reusePort)
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On($"{host}:0", workers);

        Assert.That(group.IsSealed, Is.True);
        foreach (IPEndPoint bound in group.BoundEndpoints)
        {
            int fd = Listen.ForeignSocket(bound, reuseAddress, reusePort, out int result);
            Libc.Close(fd);
            Assert.That(result, Is.EqualTo(-Errno.EADDRINUSE), bound.ToString());
        }
    }

    [Test]
    public void On_the_dual_stack_wildcard_another_program_is_refused_unless_it_sets_REUSEPORT()
    {
        Listen.SkipWithoutIPv6();
        using ListenerGroup group = Listen.On("tcp://*:0", workers: 2);

        int fd = Listen.ForeignSocket(
            group.BoundEndpoints[0], reuseAddress: true, reusePort: false, out int result);
        Libc.Close(fd);

        Assert.That(result, Is.EqualTo(-Errno.EADDRINUSE));
        Assert.That(group.IsSealed, Is.False, "what cannot be kept out is said");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_group_is_refused_where_another_program_listens(bool reusePort)
    {
        var anyPort = new IPEndPoint(IPAddress.Loopback, 0);
        int fd = Listen.ForeignSocket(anyPort, reuseAddress: true, reusePort, out _);
        Assert.That(Libc.Listen(fd, 1), Is.Zero);
        int port = SocketOptions.GetLocalEndPoint(fd)!.Port;

        Listen.IsRefusedAsInUse($"tcp://127.0.0.1:{port}", workers: 1);
        Listen.IsRefusedAsInUse($"tcp://127.0.0.1:{port}", workers: 4);

        Libc.Close(fd);
    }

    [Test]
    public void Of_two_that_have_bound_only_the_first_to_listen_gets_the_port(
        [Values(1, 4)] int workers, [Values] bool reusePort)
    {
        // With SO_REUSEADDR two may bind a port while nobody listens: the rival is in that window.
        int rival = Listen.ForeignSocket(
            new IPEndPoint(IPAddress.Loopback, 0), reuseAddress: true, reusePort, out int result);
        Assert.That(result, Is.Zero);

        using ListenerGroup group = Listen.On($"tcp://{SocketOptions.GetLocalEndPoint(rival)}", workers);

        Assert.That(Libc.Listen(rival, 1), Is.EqualTo(-Errno.EADDRINUSE));
        Libc.Close(rival);
    }

    [Test]
    public void A_group_that_loses_between_bind_and_listen_says_that_the_address_is_in_use()
    {
        // The mirror image: this group's first socket has bound, and the rival listens first.
        ListenEndPoint endPoint = ListenAddress.Parse("tcp://127.0.0.1:0").Resolve()[0];
        int loser = ListenerSocket.Bind(endPoint, sharesPort: false);
        IPEndPoint bound = SocketOptions.GetLocalEndPoint(loser)!;
        using ListenerGroup winner = Listen.On($"tcp://{bound}", workers: 2);

        int result = Libc.Listen(loser, 1);

        Libc.Close(loser);
        Assert.That(result, Is.EqualTo(-Errno.EADDRINUSE));
        GainException error = ListenErrors.For(ListenAddress.From(bound), endPoint, -result);
        Assert.That(error.ErrorCode, Is.EqualTo(GainError.AddressInUse));
    }

    [TestCase(1, 1)]
    [TestCase(1, 3)]
    [TestCase(3, 3)]
    public void Of_two_groups_that_race_exactly_one_gets_the_port(int workers, int rivalWorkers)
    {
        const int Rounds = 2000;
        string address = $"tcp://127.0.0.1:{Listen.FreePort()}";
        var groups = new ListenerGroup?[2];
        var winners = new List<int>();
        using var barrier = new Barrier(2, b =>
        {
            // The phases alternate: even ones start a round, odd ones end it with what it opened.
            if (b.CurrentPhaseNumber % 2 == 1)
            {
                winners.Add(groups.Count(g => g is not null));
            }
        });

        void Race(int index, int count)
        {
            for (int round = 0; round < Rounds; round++)
            {
                barrier.SignalAndWait();
                groups[index] = TryOpen(address, count);
                barrier.SignalAndWait();
                groups[index]?.Dispose();
                groups[index] = null;
            }
        }

        Task rival = Task.Factory.StartNew(() => Race(1, rivalWorkers), TaskCreationOptions.LongRunning);
        Race(0, workers);
        rival.GetAwaiter().GetResult();

        Assert.That(winners, Has.Count.EqualTo(Rounds));
        Assert.That(winners, Is.All.EqualTo(1));
    }

    private static ListenerGroup? TryOpen(string address, int workers)
    {
        try
        {
            return Listen.On(address, workers);
        }
        catch (GainException e) when (e.ErrorCode == GainError.AddressInUse)
        {
            return null;
        }
    }
}
