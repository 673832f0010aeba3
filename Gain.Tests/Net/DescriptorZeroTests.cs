using System.Net;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>Descriptor 0 is as good as any other: a program without standard input gets it first.</summary>
[NonParallelizable]
public sealed class DescriptorZeroTests
{
    private static readonly IPEndPoint s_anyPort = new(IPAddress.Loopback, 0);

    private string[] _before = [];

    [SetUp]
    public void CountSockets() => _before = OpenSockets.List();

    [TearDown]
    public void Every_socket_is_closed() => Assert.That(OpenSockets.List(), Is.EqualTo(_before));

    [TestCase(ListenNetwork.Tcp)]
    [TestCase(ListenNetwork.Udp)]
    public void Sockets_that_listen(object value)
    {
        ListenEndPoint endPoint = new(s_anyPort, V6Only: false) { Network = (ListenNetwork)value };
        Opens(() => ListenerSocket.Bind(endPoint, sharesPort: false));
        Opens(() => ListenerSocket.ListenAlone(endPoint, backlog: 1));
        Opens(() => ListenerSocket.ListenAlong(endPoint, backlog: 1));
    }

    [Test]
    public void Guards_of_a_port()
    {
        ListenEndPoint datagrams = new(s_anyPort, V6Only: false) { Network = ListenNetwork.Udp };
        Opens(
            () => PortGuard.Open(new ListenEndPoint(s_anyPort, V6Only: false)),
            (SocketAbi.SO_REUSEPORT, 0),
            (SocketAbi.SO_REUSEADDR, 0));
        (int, int) isDeaf = (SocketAbi.SO_BINDTOIFINDEX, int.MaxValue);
        Opens(() => DatagramGuard.OpenFirst(datagrams), isDeaf);
        Opens(() => DatagramGuard.OpenLast(datagrams), isDeaf);
        int free = Listen.FreePort();
        FreedDescriptor.Run(() => Assert.That(PortGuard.Seal(free)));
    }

    [TestCase("tcp://127.0.0.1:0", 1)]
    [TestCase("tcp://127.0.0.1:0", 3)]
    [TestCase("udp://127.0.0.1:0", 1)]
    [TestCase("udp://127.0.0.1:0", 3)]
    [TestCase("unix://@gain-descriptor-0", 2)]
    public void Listeners_of_workers(string address, int workers)
    {
        string[] opened = [];
        int first = -1;
        FreedDescriptor.Run(() =>
        {
            using ListenerSet set = ServerAddress.Parse(address).Open(workers, new GainOptions());
            opened = OpenSockets.List();
            int[] taken = [.. Enumerable.Range(0, workers).Select(worker => set.TakeListener(worker, 0))];
            first = taken.Min();
            Assert.That(taken, Is.Unique);
            Assert.That(set.IsSealed);
            Array.ForEach(taken, fd => Libc.Close(fd));
        });
        Assert.That(opened, Has.Length.GreaterThan(_before.Length));
        if (workers == 1)
        {
            Assert.That(first, Is.Zero);
        }
    }

    [Test]
    public void Questions_to_the_kernel() => FreedDescriptor.Run(() =>
    {
        Assert.That(AddressProbe.CanBind(IPAddress.Loopback));
        Assert.That(AddressProbe.CanBind(IPAddress.Parse("192.0.2.1")), Is.False);
        Assert.That(Contains("127.0.0.1"));
        Assert.That(Contains("192.0.2.1"), Is.False);
        Assert.That(Contains("2001:db8::1"), Is.False);
        var nobody = (UnixAddress)ServerAddress.Parse("unix://@gain-nobody-is-there");
        Assert.That(SocketOptions.ProbeUnix(nobody), Is.EqualTo(-Errno.ECONNREFUSED));
    });

    [Test]
    public void Sockets_that_connect()
    {
        const int Bytes = 40_000;
        var settings = new SocketSettings { SendBufferBytes = Bytes };
        var sockets = new OutgoingSockets(settings, new DialOptions());

        // The kernel doubles what it is given.
        (int, int) isApplied = (SocketAbi.SO_SNDBUF, 2 * Bytes);
        Opens(() => sockets.Open(SocketAbi.AF_INET, flags: 0), isApplied);
        Opens(() => sockets.Open(SocketAbi.AF_UNIX, SocketAbi.SOCK_NONBLOCK), isApplied);
    }

    [Test]
    public unsafe void Wake_ups() => FreedDescriptor.Run(() =>
    {
        using var wake = new WakeEvent();
        Assert.That(wake.Descriptor, Is.Zero);
        wake.Signal();
        ulong signals;
        Assert.That(Libc.Read(0, &signals, sizeof(ulong)), Is.EqualTo((nint)sizeof(ulong)));
        Assert.That(signals, Is.EqualTo(1));
        wake.Signal();
        wake.Reset();
        Assert.That(Libc.Read(0, &signals, sizeof(ulong)), Is.EqualTo((nint)(-Errno.EAGAIN)));
        wake.Dispose();
        Assert.That(Libc.Close(0), Is.EqualTo(-Errno.EBADF), "it was closed");
        wake.Signal();
    });

    [Test]
    public void Targets_of_messages_are_closed_once_and_no_others() => FreedDescriptor.Run(() =>
    {
        var targets = new RingTargets(3);
        targets[1] = NewEvent();
        Assert.That(targets[1], Is.Zero);
        targets.Dispose();
        Assert.That(targets[1], Is.Negative);

        // Somebody else's by now.
        Assert.That(NewEvent(), Is.Zero);
        targets.Dispose();
        Assert.That(Libc.Close(0), Is.Zero, "it is open");
    });

    [Test]
    public void Lock_of_a_socket_file_closes_its_descriptor_once()
    {
        using var sockets = new TempSockets();
        var address = (UnixAddress)ServerAddress.Parse(sockets.Address());
        FreedDescriptor.Run(() =>
        {
            SocketFileLock taken = SocketFileLock.Take(address);
            Assert.That(sockets.Names(), Is.EqualTo(["x.sock.lock"]));
            taken.Dispose();
            Assert.That(sockets.Names(), Is.Empty);
            Assert.That(NewEvent(), Is.Zero, "it was closed");
            taken.Dispose();
            Assert.That(Libc.Close(0), Is.Zero, "it is open");
        });
    }

    private static int NewEvent() => Libc.EventFd(0, Libc.EFD_CLOEXEC | Libc.EFD_NONBLOCK);

    private static bool Contains(string address) =>
        MachineAddresses.Contain(GainAddress.FromIPEndPoint(new IPEndPoint(IPAddress.Parse(address), 9)));

    // It is at 0, open, and has its options.
    private static void Opens(
        Func<int> open, params (int Name, int Value)[] options) => FreedDescriptor.Run(() =>
    {
        Assert.That(open(), Is.Zero);
        foreach ((int name, int value) in options)
        {
            Assert.That(SocketOptions.GetInt(0, SocketAbi.SOL_SOCKET, name, out int found), Is.Zero);
            Assert.That(found, Is.EqualTo(value), $"option {name}");
        }

        Assert.That(Libc.Close(0), Is.Zero, "it is open");
    });
}
