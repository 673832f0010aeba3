using System.Diagnostics;
using System.Text.Json;
using Gain.Tests.Net;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>The example on datagrams, with the client that people use.</summary>
[NonParallelizable]
public sealed class DatagramCliTests
{
    // As systemd does with ListenDatagram=.
    private const string Passer = """
        import os, socket, sys
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        unix = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        unix.bind(sys.argv[1])
        sockets = [udp, unix]
        for s in sockets:
            s.setblocking(False)
        high = [os.dup(s.fileno()) for s in sockets]
        for number, fd in enumerate(high, 3):
            os.dup2(fd, number)
        os.environ["LISTEN_PID"] = str(os.getpid())
        os.environ["LISTEN_FDS"] = str(len(sockets))
        os.execvp(sys.argv[2], sys.argv[2:])
        """;

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Socat_is_answered(string ring)
    {
        RequireRing(ring);
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo --network udp --ring {ring}");
        Assert.That(await SocatAsync($"UDP:127.0.0.1:{cli.Endpoint.Port}", "hello"), Is.EqualTo("hello"));
        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("datagrams_in").GetInt64(), Is.EqualTo(1));
        Assert.That(summary.GetProperty("datagrams_out").GetInt64(), Is.EqualTo(1));
        Assert.That(summary.GetProperty("bytes_out").GetInt64(), Is.EqualTo(5));
    }

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Socat_is_answered_on_a_Unix_socket(string ring)
    {
        RequireRing(ring);
        using var sockets = new TempSockets();
        string path = sockets.Path();
        string mine = $"{path}.client";
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo --network unixgram --path {path} --ring {ring}");
        string answer = await SocatAsync($"UNIX-SENDTO:{path},bind={mine}", "hello");
        Assert.That(answer, Is.EqualTo("hello"));
        Assert.That((await cli.StopAsync()).ExitCode, Is.Zero);
    }

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Sockets_for_datagrams_that_are_passed_are_served(string ring)
    {
        RequireRing(ring);
        Tool.Require("python3");
        using var sockets = new TempSockets();
        string script = sockets.Path("pass.py");
        await File.WriteAllTextAsync(script, Passer);
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo --systemd --workers 2 --ring {ring}",
            launcher: $"python3 {script} {sockets.Path()} ");
        string[] places = cli.Places.Split(", ");
        Assert.That(places[0], Does.StartWith("udp://127.0.0.1:"));
        Assert.That(places[1], Is.EqualTo($"unixgram://{sockets.Path()}"));

        string udp = $"UDP:{places[0]["udp://".Length..]}";
        string unix = $"UNIX-SENDTO:{sockets.Path()},bind={sockets.Path("client")}";
        Assert.That(await SocatAsync(udp, "hello"), Is.EqualTo("hello"));
        Assert.That(await SocatAsync(unix, "hello"), Is.EqualTo("hello"));
        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("datagrams_out").GetInt64(), Is.EqualTo(2));
    }

    private static void RequireRing(string ring) =>
        RingAvailability.Require(ring == "uring" ? GainRing.Uring : GainRing.Epoll);

    // It ends by itself some time after its input, which it is given when the answer has come.
    private static async Task<string> SocatAsync(string address, string text)
    {
        Tool.Require("socat");
        var start = new ProcessStartInfo("socat", ["-", address])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        using Process socat = Process.Start(start)!;
        await socat.StandardInput.WriteAsync(text);
        await socat.StandardInput.FlushAsync();
        char[] answer = new char[text.Length];
        await socat.StandardOutput.ReadBlockAsync(answer).AsTask().WaitAsync(Clients.Patience);
        socat.StandardInput.Close();
        await socat.WaitForExitAsync().WaitAsync(Clients.Patience);
        return new string(answer);
    }
}
