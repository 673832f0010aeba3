using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gain.Tests.Net;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>
/// The example on Unix sockets, and on sockets that it is passed, with the clients that people use.
/// </summary>
[NonParallelizable]
public sealed class UnixCliTests
{
    // What systemd does: sockets from descriptor 3 on, and the variables of the process that is executed.
    private const string Passer = """
        import os, socket, sys
        tcp = socket.socket()
        tcp.bind(("127.0.0.1", 0))
        unix = socket.socket(socket.AF_UNIX)
        unix.bind(sys.argv[1])
        sockets = [tcp, unix]
        for s in sockets:
            s.listen()
            s.setblocking(False)
        high = [os.dup(s.fileno()) for s in sockets]
        for number, fd in enumerate(high, 3):
            os.dup2(fd, number)
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.environ["LISTEN_FDS"] = str(len(sockets))
        os.environ["LISTEN_FDNAMES"] = "web:admin"
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    private TempSockets _sockets = null!;

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public void RemoveDirectory() => _sockets.Dispose();

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Curl_and_socat_are_answered(string ring)
    {
        RequireRing(ring);
        string path = _sockets.Path();
        await using (CliProcess http = await CliProcess.StartAsync(
            $"--network unix --path {path} --ring {ring}"))
        {
            Assert.That(http.Places, Is.EqualTo(_sockets.Address()));
            Assert.That(
                await Tool.RunAsync("curl", $"-sS --max-time 30 --unix-socket {path} http://localhost/"),
                Is.EqualTo("Hello, World!"));
            Assert.That((await http.StopAsync()).ExitCode, Is.Zero);
        }

        Assert.That(_sockets.Names(), Is.Empty);
        await using CliProcess echo = await CliProcess.StartAsync(
            $"--handler echo --network unix --path {path} --ring {ring}");
        string echoed = await Tool.RunAsync("socat", $"-t 30 - UNIX-CONNECT:{path}", "hello");
        Assert.That(echoed, Is.EqualTo("hello"));
    }

    [Test]
    public async Task Abstract_name_is_reached_by_curl_and_socat()
    {
        string name = $"gain-test-{Guid.NewGuid():N}";
        await using (CliProcess http = await CliProcess.StartAsync($"--network unix --path @{name}"))
        {
            Assert.That(
                await Tool.RunAsync(
                    "curl", $"-sS --max-time 30 --abstract-unix-socket {name} http://localhost/"),
                Is.EqualTo("Hello, World!"));
        }

        await using CliProcess echo = await CliProcess.StartAsync(
            $"--handler echo --network unix --path @{name}");
        Assert.That(
            await Tool.RunAsync("socat", $"-t 30 - ABSTRACT-CONNECT:{name}", "hello"), Is.EqualTo("hello"));
    }

    [Test]
    public async Task Killed_server_is_started_again_on_its_socket_and_removes_it_at_the_end()
    {
        string arguments = $"--handler echo --workers 2 --network unix --path {_sockets.Path()}";
        await using CliProcess killed = await CliProcess.StartAsync(arguments);
        await killed.KillAsync();
        Assert.That(_sockets.Names(), Is.EqualTo(["x.sock", "x.sock.lock"]));

        await using CliProcess again = await CliProcess.StartAsync(arguments);
        using (Socket client = await Clients.ConnectAsync(_sockets.Path()))
        {
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 5);
        }

        (int exitCode, _) = await again.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Of_many_processes_that_start_at_once_one_gets_the_socket(bool isStale)
    {
        if (isStale)
        {
            _sockets.LeaveStale();
        }

        string arguments = $"--handler echo --workers 1 --network unix --path {_sockets.Path()}";
        (CliProcess Cli, bool Listens)[] all =
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => CliProcess.TryStartAsync(arguments)));
        CliProcess winner = all.Single(start => start.Listens).Cli;
        foreach ((CliProcess loser, _) in all.Where(start => !start.Listens))
        {
            Assert.That(await loser.AwaitEndAsync(), Is.EqualTo(1));
            Assert.That(string.Join('\n', loser.Errors), Does.Contain("another server has it"));
            await loser.DisposeAsync();
        }

        using (Socket client = await Clients.ConnectAsync(_sockets.Path()))
        {
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 5);
        }

        (int exitCode, JsonElement summary) = await winner.StopAsync();
        await winner.DisposeAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(1));
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [TestCase("--network unix", "--path /run/gain.sock")]
    [TestCase("--network unix --path gain.sock", "is not absolute")]
    public async Task Impossible_paths_exit_with_2(string arguments, string reason)
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync(arguments);
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain(reason));
    }

    [Test]
    public async Task Without_systemd_its_sockets_are_an_error()
    {
        (int exitCode, _, string errors) = await CliProcess.RunAsync("--systemd");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("not started by systemd").And.Contain("systemd-socket-activate"));
    }

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Sockets_that_are_passed_are_served_and_stay(string ring)
    {
        RequireRing(ring);
        await using CliProcess cli = await StartPassedAsync(
            $"--handler echo --systemd --workers 2 --ring {ring}");
        string[] places = cli.Places.Split(", ");
        Assert.That(places, Has.Length.EqualTo(2));
        Assert.That(places[0], Does.StartWith("tcp://127.0.0.1:"));
        Assert.That(places[1], Is.EqualTo(_sockets.Address()));

        int port = int.Parse(places[0]["tcp://127.0.0.1:".Length..], CultureInfo.InvariantCulture);
        using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await tcp.ConnectAsync("127.0.0.1", port).WaitAsync(Clients.Patience);
        using Socket unix = await Clients.ConnectAsync(_sockets.Path());
        foreach (Socket client in new[] { tcp, unix })
        {
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
            client.Dispose();
        }

        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(2));
        Assert.That(summary.GetProperty("accept_errors").GetInt64(), Is.Zero);
        Assert.That(_sockets.Names(), Does.Contain("x.sock"), "it is not the server's to remove");
    }

    [Test]
    public async Task Passed_socket_is_found_by_its_name()
    {
        await using CliProcess cli = await StartPassedAsync("--systemd admin");
        Assert.That(cli.Places, Is.EqualTo(_sockets.Address()));
        Assert.That(
            await Tool.RunAsync(
                "curl", $"-sS --max-time 30 --unix-socket {_sockets.Path()} http://localhost/"),
            Is.EqualTo("Hello, World!"));
    }

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Systemd_socket_activate_starts_it_with_the_first_connection(string ring)
    {
        RequireRing(ring);
        Tool.Require("systemd-socket-activate");
        string path = _sockets.Path();
        Task<CliProcess> starting = CliProcess.StartAsync(
            $"--handler echo --systemd web --ring {ring}",
            launcher: $"systemd-socket-activate --fdname=web -l {path} ");
        while (!File.Exists(path))
        {
            Assert.That(starting.IsCompleted, Is.False, "it ended before it listened");
            await Task.Yield();
        }

        using Socket client = await ConnectWhenListeningAsync(path);
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
        client.Dispose();
        await using CliProcess cli = await starting;
        Assert.That(cli.Places, Is.EqualTo(_sockets.Address()));
        Assert.That((await cli.StopAsync()).ExitCode, Is.Zero);
    }

    private async Task<CliProcess> StartPassedAsync(string arguments)
    {
        Tool.Require("python3");
        string script = _sockets.Path("pass.py");
        await File.WriteAllTextAsync(script, Passer);
        return await CliProcess.StartAsync(arguments, launcher: $"python3 {script} {_sockets.Path()} ");
    }

    // The file is there from the bind on, and the socket listens a moment later.
    private static async Task<Socket> ConnectWhenListeningAsync(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await Clients.ConnectAsync(path);
            }
            catch (SocketException refused) when (
                refused.SocketErrorCode == SocketError.ConnectionRefused && clock.Elapsed < Clients.Patience)
            {
                await Task.Yield();
            }
        }
    }

    private static void RequireRing(string ring) =>
        RingAvailability.Require(Enum.Parse<GainRing>(ring, ignoreCase: true));
}
