using System.Net.Sockets;
using System.Runtime.Versioning;
using Gain.Kernel;
using Gain.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Net;

[NonParallelizable]
[SupportedOSPlatform("linux")]
public sealed class SocketFileTests
{
    private TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [Test]
    public void Mode_that_cannot_be_set_for_want_of_proc_says_so()
    {
        var address = (UnixAddress)ServerAddress.Parse(_sockets.Address());
        using SocketFile file = SocketFile.Claim(address);
        int fd = SocketOptions.OpenUnix(isDatagram: false);

        // The umask of a test never leaves everybody everything.
        const UnixFileMode All = (UnixFileMode)0x1FF;
        GainException refused = Assert.Throws<GainException>(() => file.Bind(fd, All, "/nowhere/fd"))!;
        Libc.Close(fd);
        Assert.That(refused.Message, Does.Contain("there is no /nowhere/fd").And.Contain("mount /proc"));
        Assert.That(refused.Message, Does.Not.Contain("no directory"));
    }

    [Test]
    public void File_is_there_while_the_socket_is_and_its_lock_with_it()
    {
        using (_sockets.Open())
        {
            Assert.That(_sockets.Names(), Is.EqualTo(["x.sock", "x.sock.lock"]));
            Assert.That(File.GetUnixFileMode(_sockets.Path("x.sock.lock")), Is.EqualTo(
                UnixFileMode.UserRead | UnixFileMode.UserWrite), "others could keep us from starting");
            _sockets.Connect().Dispose();
        }

        Assert.That(_sockets.Names(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void What_a_killed_server_left_is_replaced(bool isDatagram)
    {
        _sockets.LeaveStale(isDatagram);
        File.WriteAllText(_sockets.Path("x.sock.lock"), "");

        using (_sockets.Open())
        {
            _sockets.Connect().Dispose();
        }

        Assert.That(_sockets.Names(), Is.Empty);
    }

    // Anything else would be said to be in use.
    [Test]
    public void What_a_killed_server_left_and_nobody_may_remove_is_an_error_that_says_so()
    {
        _sockets.LeaveStale(isDatagram: false);
        GainException? refused = null;
        FilteredThread.Run(
            FilteredCall.Unlink,
            Errno.EROFS,
            () => refused = Assert.Throws<GainException>(() => _sockets.Open().Dispose()));
        Assert.That(refused!.Errno, Is.EqualTo(Errno.EROFS));
        Assert.That(_sockets.Names(), Does.Contain("x.sock"));
    }

    [TestCase(false, true)]
    [TestCase(false, false)]
    [TestCase(true, false)]
    public void Socket_that_another_program_has_is_an_error_and_stays(bool isDatagram, bool listens)
    {
        int foreign = _sockets.BindForeign(isDatagram, listens);
        try
        {
            IsInUse("another process, or another server in this one, has a socket there");
            Assert.That(_sockets.Names(), Is.EqualTo(["x.sock"]));
        }
        finally
        {
            Libc.Close(foreign);
        }
    }

    [Test]
    public void Second_server_is_refused_and_the_first_goes_on()
    {
        using UnixListeners first = _sockets.Open(workers: 4);
        IsInUse("another server has it");
        IsInUse("`fuser ");
        _sockets.Connect().Dispose();
    }

    [Test]
    public void Second_server_is_refused_also_when_somebody_removed_the_file_of_the_first()
    {
        using UnixListeners first = _sockets.Open();
        File.Delete(_sockets.Path());
        IsInUse("another server has it");
    }

    [TestCase("file", "a regular file")]
    [TestCase("directory", "a directory")]
    [TestCase("link", "a symbolic link")]
    public void What_is_no_socket_is_never_removed(string kind, string named)
    {
        string path = _sockets.Path();
        switch (kind)
        {
            case "file":
                File.WriteAllText(path, "precious");
                break;
            case "directory":
                Directory.CreateDirectory(path);
                break;
            default:
                File.CreateSymbolicLink(path, "nowhere");
                break;
        }

        IsInUse($"{path} is {named}, and only sockets are replaced");
        Assert.That(_sockets.Names(), Is.EqualTo(["x.sock"]));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Lock_that_is_no_file_is_an_error_that_names_it(bool isDirectory)
    {
        string path = _sockets.Path("x.sock.lock");
        if (isDirectory)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.CreateSymbolicLink(path, "elsewhere");
        }

        IsInUse($"{path}, whose lock guards the path, is no regular file");
        Assert.That(_sockets.Names(), Is.EqualTo(["x.sock.lock"]));
    }

    [TestCase("none/x.sock", GainError.AddressNotAvailable, "there is no directory ")]
    [TestCase("file/x.sock", GainError.AddressNotAvailable, "is no directory")]
    public void Directory_that_is_not_there_is_named(string name, GainError code, string reason)
    {
        File.WriteAllText(_sockets.Path("file"), "");
        var refused = Assert.Throws<GainException>(() => _sockets.Open(name: name));
        Assert.That(refused.ErrorCode, Is.EqualTo(code));
        Assert.That(refused.Message, Does.Contain(reason).And.Contain(_sockets.Path(name)));
    }

    [Test]
    public void File_that_took_the_place_of_ours_stays_at_the_end()
    {
        using (_sockets.Open())
        {
            File.Delete(_sockets.Path());
            Libc.Close(_sockets.BindForeign());
        }

        Assert.That(_sockets.Names(), Is.EqualTo(["x.sock"]));
    }

    [TestCase(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [TestCase((UnixFileMode)0x1B6)]
    [TestCase((UnixFileMode)0x1FF)]
    [TestCase((UnixFileMode)0x90)]
    [TestCase(UnixFileMode.None)]
    public void File_has_the_mode_that_was_asked_for_whatever_the_umask_is(UnixFileMode mode)
    {
        using UnixListeners listeners = _sockets.Open(mode: mode);
        Assert.That(File.GetUnixFileMode(_sockets.Path()), Is.EqualTo(mode));
    }

    [Test]
    public void File_without_a_mode_has_what_the_umask_leaves()
    {
        using UnixListeners listeners = _sockets.Open();
        string probe = _sockets.Path("probe");
        Directory.CreateDirectory(probe);
        Assert.That(File.GetUnixFileMode(_sockets.Path()), Is.EqualTo(File.GetUnixFileMode(probe)));
    }

    [Test]
    public void Abstract_name_has_no_file_and_one_owner()
    {
        string address = $"unix://@gain-test-{Guid.NewGuid():N}";
        var parsed = (UnixAddress)ServerAddress.Parse(address);
        using (UnixListeners.Open(parsed, 2, 128, mode: null))
        {
            var refused = Assert.Throws<GainException>(() => UnixListeners.Open(parsed, 1, 128, null));
            Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
            Assert.That(refused.Message, Does.Contain($"ss -xlp src '{address["unix://".Length..]}'"));
        }

        UnixListeners.Open(parsed, 1, 128, mode: null).Dispose();
    }

    [Test]
    public void Every_worker_has_a_descriptor_of_the_one_socket()
    {
        string[] before = OpenSockets.List();
        using (UnixListeners listeners = _sockets.Open(workers: 3))
        {
            int[] taken = [.. Enumerable.Range(0, 3).Select(worker => listeners.TakeListener(worker, 0))];
            Assert.That(taken.Distinct().Count(), Is.EqualTo(3));
            Assert.That(taken, Has.All.Matches<int>(OpenSockets.IsBlocking));
            Assert.That(taken, Has.All.Matches<int>(OpenSockets.IsClosedOnExec));
            Assert.That(OpenSockets.List().Except(before).ToArray(), Has.Length.EqualTo(1));
            Assert.That(listeners.IsShared(0));
            Assert.That(() => listeners.TakeListener(0, 0), Throws.InvalidOperationException);

            // The last two still listen when the first is closed.
            Libc.Close(taken[0]);
            _sockets.Connect().Dispose();
            Libc.Close(taken[1]);
            Libc.Close(taken[2]);
            Assert.That(() => _sockets.Connect(), Throws.InstanceOf<SocketException>());
        }

        Assert.That(OpenSockets.List(), Is.EqualTo(before));
    }

    [Test]
    public unsafe void Datagrams_arrive_at_a_socket_for_them()
    {
        var address = (UnixAddress)ServerAddress.Parse($"unixgram://{_sockets.Path()}");
        using UnixListeners listeners = UnixListeners.Open(address, 2, 128, mode: null);
        Assert.That(listeners.IsDatagram(0));
        Assert.That(listeners.Addresses, Is.EqualTo([$"{address}"]));
        using var client = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        client.SendTo("hello"u8.ToArray(), new UnixDomainSocketEndPoint(_sockets.Path()));
        client.SendTo("again"u8.ToArray(), new UnixDomainSocketEndPoint(_sockets.Path()));
        byte* data = stackalloc byte[16];
        for (int worker = 0; worker < 2; worker++)
        {
            int fd = listeners.TakeListener(worker, 0);
            Assert.That(Libc.Recv(fd, data, 16, SocketAbi.MSG_DONTWAIT), Is.EqualTo((nint)5));
            Libc.Close(fd);
        }
    }

    [Test]
    public void Of_many_that_start_and_stop_at_once_never_two_have_it_and_who_has_it_is_reached()
    {
        const int starters = 8;
        const int wins = 400;
        int owners = 0;
        int won = 0;
        long refusals = 0;
        Task[] all = [.. Enumerable.Range(0, starters).Select(index => Task.Factory.StartNew(
            () =>
            {
                while (Volatile.Read(ref won) < wins)
                {
                    try
                    {
                        using UnixListeners listeners = _sockets.Open();
                        Assert.That(Interlocked.Increment(ref owners), Is.EqualTo(1), "two have it");
                        AssertReached(listeners);
                        if (Interlocked.Increment(ref won) % 4 == 0)
                        {
                            // As if a killed one had left its socket to whoever comes next.
                            File.Delete(_sockets.Path());
                            _sockets.LeaveStale();
                        }

                        Interlocked.Decrement(ref owners);
                    }
                    catch (GainException refused) when (refused.ErrorCode == GainError.AddressInUse)
                    {
                        Interlocked.Increment(ref refusals);
                    }
                }
            },
            TaskCreationOptions.LongRunning))];
        Assert.That(Task.WaitAll(all, Clients.Patience), "starters hang");
        TestContext.Out.WriteLine($"{won} owners one after another, {refusals} refusals");
        Assert.That(won, Is.GreaterThanOrEqualTo(wins));

        // The last one may have left a stale one.
        Assert.That(_sockets.Names(), Is.Empty.Or.EqualTo(new[] { "x.sock" }));
    }

    private unsafe void AssertReached(UnixListeners listeners)
    {
        using Socket client = _sockets.Connect();
        int fd = listeners.TakeListener(0, 0);
        int accepted = Libc.Accept4(fd, null, null, SocketAbi.SOCK_CLOEXEC);
        Assert.That(accepted, Is.GreaterThanOrEqualTo(0), "the client reached another");
        Libc.Close(accepted);
        Libc.Close(fd);
    }

    private void IsInUse(string reason)
    {
        var refused = Assert.Throws<GainException>(() => _sockets.Open().Dispose());
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse), refused.Message);
        Assert.That(refused.Message, Does.StartWith($"Cannot listen on {_sockets.Address()}: "));
        Assert.That(refused.Message, Does.Contain(reason));
    }
}
