using System.Globalization;
using System.Net;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

/// <summary>Sockets passed as systemd passes them, at numbers that a test process has free.</summary>
[NonParallelizable]
public sealed class PassedDescriptorsTests
{
    // Consecutive numbers far above those that are given out meanwhile.
    private const int First = 900;

    private readonly List<int> _passed = [];
    private readonly Dictionary<string, string> _environment = [];
    private TempSockets _sockets = null!;

    [SetUp]
    public void Prepare()
    {
        _sockets = new TempSockets();
        _environment["LISTEN_PID"] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    }

    [TearDown]
    public void CloseAll()
    {
        _passed.ForEach(fd => Libc.Close(fd));
        _passed.Clear();
        _environment.Clear();
        _sockets.Dispose();
    }

    [Test]
    public void Sockets_of_every_kind_are_told_apart()
    {
        int port = Pass(Tcp());
        Pass(Udp());
        Pass(_sockets.BindForeign(listens: true));
        Pass(Abstract(isDatagram: true, out string name));
        using ListenerSet set = Open("systemd:", workers: 2);

        Assert.That(set.ListenersPerWorker, Is.EqualTo(4));
        Assert.That(set.Addresses, Is.EqualTo([
            $"tcp://127.0.0.1:{PortOf(port)}", $"udp://127.0.0.1:{PortOf(port + 1)}",
            _sockets.Address(), $"unixgram://@{name}"]));
        Assert.That(Enumerable.Range(0, 4).Select(set.IsDatagram), Is.EqualTo([false, true, false, true]));
        Assert.That(set.EndPoints, Has.Count.EqualTo(2));
        Assert.That(set.IsShared(0));
    }

    [Test]
    public void Workers_share_a_socket_that_blocks_until_the_end_and_stays_open()
    {
        int fd = Pass(Tcp());
        int flags = Libc.GetStatusFlags(fd);
        Libc.SetStatusFlags(fd, flags | Libc.O_NONBLOCK);
        using (ListenerSet set = Open("systemd:", workers: 2))
        {
            int taken = set.TakeListener(1, 0);
            Assert.That(OpenSockets.IsBlocking(taken), "io_uring fails at once with EAGAIN on others");
            Assert.That(OpenSockets.IsClosedOnExec(taken));
            Assert.That(OpenSockets.IsClosedOnExec(fd), "a child would get it too");
            SocketOptions.GetInt(taken, SocketAbi.IPPROTO_TCP, SocketAbi.TCP_NODELAY, out int noDelay);
            Assert.That(noDelay, Is.Not.Zero);
            Libc.Close(taken);
        }

        Assert.That(OpenSockets.IsBlocking(fd), Is.False, "it is systemd's, and was so before");
        Assert.That(SocketOptions.GetInt(fd, SocketAbi.SOL_SOCKET, SocketAbi.SO_ACCEPTCONN, out _), Is.Zero);
    }

    [Test]
    public void What_no_worker_took_is_closed_at_the_end()
    {
        Pass(Tcp());
        Pass(Udp());
        string[] before = OpenSockets.List();
        ListenerSet set = Open("systemd:", workers: 2);
        Libc.Close(set.TakeListener(worker: 1, index: 0));
        set.Dispose();
        Assert.That(OpenSockets.List(), Is.EqualTo(before));
        Assert.That(
            () => set.TakeListener(worker: 0, index: 0), Throws.InvalidOperationException);
    }

    [Test]
    public void Socket_file_that_systemd_owns_stays()
    {
        Pass(_sockets.BindForeign(listens: true));
        Open("systemd:").Dispose();
        Assert.That(_sockets.Names(), Is.EqualTo(["x.sock"]));
    }

    [Test]
    public void Names_that_could_forge_a_line_are_spelled_out_in_errors()
    {
        Pass(Tcp());
        _environment["LISTEN_FDNAMES"] = "web\ngain: Critical: forged\u001B[2J";
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        var refused = Assert.Throws<GainException>(
            () => ActivatedListeners.Open(new SystemdAddress("admin", passed), passed, 1));
        Assert.That(refused.Message, Does.Contain("\"web\\ngain"));
        Assert.That(refused.Message.Any(char.IsControl), Is.False);
    }

    [Test]
    public void Servers_find_theirs_by_name_and_no_second_one_gets_it_before_it_is_given_back()
    {
        Pass(Tcp());
        Pass(Tcp());
        Pass(_sockets.BindForeign(listens: true));
        _environment["LISTEN_FDNAMES"] = "web:web:admin";
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        ListenerSet web = ActivatedListeners.Open(new SystemdAddress("web", passed), passed, 1);
        ListenerSet admin = ActivatedListeners.Open(new SystemdAddress("admin", passed), passed, 1);
        Assert.That(web.ListenersPerWorker, Is.EqualTo(2));
        Assert.That(admin.Addresses, Is.EqualTo([_sockets.Address()]));

        Refuses("web", GainError.AddressInUse, "another server of this process has 900 \"web\", 901 \"web\"");
        Refuses(null, GainError.AddressInUse, "902 \"admin\"");
        web.Dispose();
        web.Dispose();
        admin.Dispose();
        using ListenerSet all = ActivatedListeners.Open(new SystemdAddress(null, passed), passed, 1);
        Assert.That(all.ListenersPerWorker, Is.EqualTo(3));

        void Refuses(string? name, GainError code, string reason)
        {
            var refused = Assert.Throws<GainException>(
                () => ActivatedListeners.Open(new SystemdAddress(name, passed), passed, 1));
            Assert.That(refused.ErrorCode, Is.EqualTo(code));
            Assert.That(refused.Message, Does.Contain(reason).And.Contain("systemd:name"));
        }
    }

    [Test]
    public void Second_end_gives_back_nothing_that_another_server_has_by_then()
    {
        Pass(Tcp());
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        var address = new SystemdAddress(null, passed);
        ListenerSet first = ActivatedListeners.Open(address, passed, 1);
        first.Dispose();
        using ListenerSet second = ActivatedListeners.Open(address, passed, 1);
        first.Dispose();
        Assert.That(
            () => ActivatedListeners.Open(address, passed, 1),
            Throws.TypeOf<GainException>().With.Property("ErrorCode").EqualTo(GainError.AddressInUse));
    }

    [Test]
    public void Failed_start_gives_back_what_it_took()
    {
        int fd = Pass(Tcp());
        int flags = Libc.GetStatusFlags(fd);
        Pass(Stream(connects: false));
        _environment["LISTEN_FDNAMES"] = "good:bad";
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        Assert.That(
            () => ActivatedListeners.Open(new SystemdAddress(null, passed), passed, 1),
            Throws.TypeOf<GainException>());
        Assert.That(Libc.GetStatusFlags(fd), Is.EqualTo(flags));
        ActivatedListeners.Open(new SystemdAddress("good", passed), passed, 1).Dispose();
    }

    [Test]
    public void Without_activation_the_error_says_how_to_try_it()
    {
        Refuses(GainError.AddressNotAvailable, "LISTEN_FDS or LISTEN_PID is not set");
        Refuses(GainError.AddressNotAvailable, "`systemd-socket-activate -l 9000 ./server`");
    }

    [Test]
    public void Sockets_for_another_process_are_not_ours()
    {
        Pass(Tcp());
        _environment["LISTEN_PID"] = "1";
        Refuses(GainError.AddressNotAvailable, "passed to process 1 (LISTEN_PID), and this is ");
    }

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("many")]
    [TestCase("99999999999")]
    public void Impossible_count_is_named(string count)
    {
        _environment["LISTEN_FDS"] = count;
        Refuses(GainError.AddressNotAvailable, $"LISTEN_FDS is \"{count}\"");
    }

    [Test]
    public void Unknown_name_is_an_error_that_lists_those_there_are()
    {
        Pass(Tcp());
        Pass(Tcp());
        _environment["LISTEN_FDNAMES"] = "web:";
        var refused = Assert.Throws<GainException>(() => Open("systemd:wep"));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressNotAvailable));
        Assert.That(refused.Message, Does.Contain("\"wep\"; those passed are 900 \"web\", 901 \"unknown\""));
    }

    [Test]
    public void Connected_socket_is_told_apart_from_one_that_does_not_listen()
    {
        Pass(Stream(connects: true));
        Refuses(GainError.AddressUnsupported, "descriptor 900 \"unknown\" is a connection");
        CloseAll();
        Prepare();
        Pass(Stream(connects: false));
        Refuses(GainError.AddressUnsupported, "does not listen");
    }

    [Test]
    public void What_is_no_socket_to_serve_is_refused_by_name()
    {
        Pass(Libc.EventFd(0, 0));
        Refuses(GainError.AddressUnsupported, "is no socket");
        CloseAll();
        Prepare();
        Pass(Libc.Socket(SocketAbi.AF_UNIX, SocketAbi.SOCK_SEQPACKET, 0));
        Refuses(GainError.AddressUnsupported, "sequential packets");
        CloseAll();
        Prepare();
        const int netlink = 16;
        Pass(Libc.Socket(netlink, SocketAbi.SOCK_DGRAM, 0));
        Refuses(GainError.AddressUnsupported, "family 16");
        CloseAll();
        Prepare();
        const int udpLite = 136;
        int lite = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, udpLite);
        if (lite >= 0)
        {
            Pass(lite);
            Refuses(GainError.AddressUnsupported, "IP protocol 136");
        }
    }

    [Test]
    public void Descriptor_that_is_not_open_is_named()
    {
        _environment["LISTEN_FDS"] = "1";
        Refuses(GainError.AddressUnsupported, "descriptor 900 \"unknown\" is not open");
    }

    [TestCase("systemd:", "systemd:")]
    [TestCase("SYSTEMD:web", "systemd:web")]
    [TestCase("systemd:my web.socket", "systemd:my web.socket")]
    public void Address_is_a_name_or_none(string text, string canonical) =>
        Assert.That($"{ServerAddress.Parse(text)}", Is.EqualTo(canonical));

    [TestCase("systemd://web", "as in systemd:web")]
    [TestCase("systemd:a:b", "neither colons")]
    [TestCase("systemd:wäb", "ASCII")]
    public void Other_addresses_are_refused(string text, string reason)
    {
        var refused = Assert.Throws<GainException>(() => ServerAddress.Parse(text));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInvalid));
        Assert.That(refused.Message, Does.Contain(reason).And.Contain("Accepted are systemd:name"));
    }

    [Test]
    public void Name_is_as_long_as_it_may_be_and_no_longer()
    {
        string longest = new('n', 255);
        Assert.That($"{ServerAddress.Parse($"systemd:{longest}")}", Is.EqualTo($"systemd:{longest}"));
        var refused = Assert.Throws<GainException>(() => ServerAddress.Parse($"systemd:{longest}n"));
        Assert.That(refused.Message, Does.Contain("at most 255"));
    }

    [Test]
    public void Sockets_of_two_names_and_one_of_ours_are_listeners_of_one_server()
    {
        int first = Pass(Tcp());
        Pass(Udp());
        Pass(Tcp());
        _environment["LISTEN_FDNAMES"] = "web:admin:web";
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        ServerAddress[] addresses =
        [
            new SystemdAddress("admin", passed),
            ServerAddress.Parse(_sockets.Address()),
            new SystemdAddress("web", passed),
        ];
        GainOptions options = new GainOptions { WorkerCount = 2 }.Validated();
        using (ListenerSet set = CombinedListeners.Open(addresses, options))
        {
            Assert.That(set.Addresses, Is.EqualTo([
                $"udp://127.0.0.1:{PortOf(first + 1)}", _sockets.Address(),
                $"tcp://127.0.0.1:{PortOf(first)}", $"tcp://127.0.0.1:{PortOf(first + 2)}"]));
            Assert.That(Enumerable.Range(0, 4).Select(set.AddressOf), Is.EqualTo([0, 1, 2, 2]));
            Assert.That(
                Enumerable.Range(0, 4).Select(set.IsDatagram), Is.EqualTo([true, false, false, false]));
            Assert.That(
                Enumerable.Range(0, 4).Select(set.IsPassed), Is.EqualTo([true, false, true, true]));
            int taken = set.TakeListener(worker: 1, index: 3);
            Assert.That(PortOf(taken), Is.EqualTo(PortOf(first + 2)));
            Libc.Close(taken);
            Assert.That(() => set.TakeListener(worker: 1, index: 3), Throws.InvalidOperationException);
        }

        Assert.That(_sockets.Names(), Is.Empty);

        addresses[2] = new SystemdAddress(null, passed);
        Assert.That(
            () => CombinedListeners.Open(addresses, options),
            Throws.TypeOf<GainException>().With.Message.Contains(
                "This server itself is to listen on systemd:admin as well"));

        // Given back when one behind it fails, so that the start can be tried again.
        addresses[2] = new SystemdAddress("wep", passed);
        Assert.That(
            () => CombinedListeners.Open(addresses, options),
            Throws.TypeOf<GainException>().With.Message.Contains("systemd:wep"));
        Assert.That(_sockets.Names(), Is.Empty);
        ActivatedListeners.Open(new SystemdAddress("admin", passed), passed, 1).Dispose();
    }

    private ListenerSet Open(string address, int workers = 1)
    {
        string name = address["systemd:".Length..];
        var passed = new PassedDescriptors(_environment.GetValueOrDefault, Environment.ProcessId, First);
        return ActivatedListeners.Open(
            new SystemdAddress(name.Length == 0 ? null : name, passed), passed, workers);
    }

    private void Refuses(GainError code, string reason)
    {
        var refused = Assert.Throws<GainException>(() => Open("systemd:"));
        Assert.That(refused.ErrorCode, Is.EqualTo(code), refused.Message);
        Assert.That(refused.Message, Does.StartWith("Cannot listen on systemd:: ").And.Contain(reason));
    }

    /// <summary>Passes a descriptor on: it gets the next number.</summary>
    private int Pass(int fd)
    {
        Assert.That(fd, Is.GreaterThanOrEqualTo(0));
        int passed = Libc.Duplicate(fd, First + _passed.Count);
        Libc.Close(fd);
        Assert.That(passed, Is.EqualTo(First + _passed.Count), "the number is taken");
        _passed.Add(passed);
        _environment["LISTEN_FDS"] = $"{_passed.Count}";
        return passed;
    }

    private static int Tcp()
    {
        using ListenerGroup group = Listen.On("tcp://127.0.0.1:0");
        return group.TakeListener(0, 0);
    }

    private static int Udp()
    {
        int fd = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_DGRAM, 0);
        Assert.That(SocketOptions.Bind(fd, new IPEndPoint(IPAddress.Loopback, 0)), Is.Zero);
        return fd;
    }

    private static int Abstract(bool isDatagram, out string name)
    {
        name = $"gain-test-{Guid.NewGuid():N}";
        int fd = SocketOptions.OpenUnix(isDatagram);
        Assert.That(SocketOptions.BindUnix(fd, UnixAddress.Abstract(name, isDatagram)), Is.Zero);
        return fd;
    }

    private static unsafe int Stream(bool connects)
    {
        if (!connects)
        {
            return Libc.Socket(SocketAbi.AF_UNIX, SocketAbi.SOCK_STREAM, 0);
        }

        int* pair = stackalloc int[2];
        Assert.That(Libc.SocketPair(SocketAbi.AF_UNIX, SocketAbi.SOCK_STREAM, 0, pair), Is.Zero);
        Libc.Close(pair[1]);
        return pair[0];
    }

    private static int PortOf(int fd) => SocketOptions.GetLocalEndPoint(fd)!.Port;
}
