using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

[Parallelizable(ParallelScope.Self)]
public class CliTests
{
    [TestCase("--handler ftp", "ftp", "http")]
    [TestCase("--network sctp", "sctp", "udp")]
    [TestCase("--network udp --handler http --port 0", "udp://127.0.0.1", "OnDatagram")]
    [TestCase("--architecture proactor", "proactor", "reactor")]
    [TestCase("--architecture reactor --balancing fair", "fair", "least-connections")]
    [TestCase("--hand-over-excess -1", "HandOverExcess is -1", "1 to")]
    [TestCase("--balancing source-ip-hash", "Balancing is SourceIPHash", "Architecture to Reactor")]
    [TestCase("--port x", "x", "--port")]
    [TestCase("--port 70000", "70000", "65535")]
    [TestCase("--workers 0", "WorkerCount is 0", "1 to 1,024")]
    [TestCase("--ring-entries 1000", "RingEntries is 1,000", "power of two")]
    [TestCase("--max-connections 0", "MaxConnections is 0", "1 to")]
    [TestCase("--ring kqueue", "kqueue", "auto, uring or epoll")]
    [TestCase("--ring 1", "'1'", "auto, uring or epoll")]
    [TestCase("--log-level loud", "loud", "--log-level")]
    [TestCase("--host \"\"", "host", "tcp://")]
    [TestCase("--colour red", "--colour", "--help")]
    [TestCase("now", "now", "--help")]
    public async Task Impossible_arguments_are_named_and_exit_with_2(
        string arguments, string value, string way)
    {
        (int exitCode, string output, string errors) = await CliProcess.RunAsync(arguments);
        Assert.That(exitCode, Is.EqualTo(2), errors);
        Assert.That(errors, Does.StartWith("gain: ").And.Contain(value).And.Contain(way));
        Assert.That(output, Is.Empty);
    }

    [Test]
    public async Task Address_in_use_is_an_error_and_exit_code_1()
    {
        await using CliProcess first = await CliProcess.StartAsync("");
        (int exitCode, _, string errors) = await CliProcess.RunAsync($"--port {first.Endpoint.Port}");
        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(errors, Does.StartWith("gain: ").And.Contain($"{first.Endpoint.Port}"));
    }

    [Test]
    public async Task Http_answers_pipelined_and_split_requests_and_stops_with_a_summary()
    {
        await using CliProcess cli = await CliProcess.StartAsync("--workers 1");
        using Socket client = await cli.ConnectAsync();
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(
            Enumerable.Repeat("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 3)));
        await Clients.SendAllAsync(client, requests.AsMemory(0, 40));
        await Clients.SendAllAsync(client, requests.AsMemory(40));
        client.Shutdown(SocketShutdown.Send);

        string answers = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
        Assert.That(answers.Split("Hello, World!"), Has.Length.EqualTo(4));
        string[] head = answers[..answers.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Split("\r\n");
        Assert.That(head[0], Is.EqualTo("HTTP/1.1 200 OK"));
        Assert.That(head, Does.Contain("Server: gain").And.Contain("Content-Type: text/plain"));
        Assert.That(head, Does.Contain("Content-Length: 13"));
        string date = head.Single(line => line.StartsWith("Date: ", StringComparison.Ordinal))[6..];
        DateTime parsed = DateTime.ParseExact(date, "R", null);
        Assert.That(Math.Abs((DateTime.UtcNow - parsed).TotalMinutes), Is.LessThan(5));

        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(1));
        Assert.That(summary.GetProperty("bytes_in").GetInt64(), Is.EqualTo(requests.Length));
        Assert.That(summary.GetProperty("bytes_out").GetInt64(), Is.EqualTo(answers.Length));
    }

    [Test]
    public async Task Http_head_over_16_KiB_is_answered_431_and_closed()
    {
        await using CliProcess cli = await CliProcess.StartAsync("");
        using Socket client = await cli.ConnectAsync();
        string head = "GET / HTTP/1.1\r\nX: " + new string('x', 100_000);
        Task sending = Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(head));
        string answer = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
        await sending;
        Assert.That(answer, Does.StartWith("HTTP/1.1 431 ").And.EndWith("\r\n\r\n"));
    }

    [TestCase("round-robin")]
    [TestCase("least-connections")]
    [TestCase("source-ip-hash")]
    public async Task Reactor_serves_with_each_balancing(string balancing)
    {
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo --workers 2 --architecture reactor --balancing {balancing}");
        for (int i = 0; i < 4; i++)
        {
            using Socket client = await cli.ConnectAsync();
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
        }

        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(4));
    }

    [Test]
    public async Task Echo_and_discard_do_as_they_say()
    {
        await using CliProcess echo = await CliProcess.StartAsync(
            "--handler echo --workers 2 --cpu-affinity");
        using Socket client = await echo.ConnectAsync();
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));

        await using CliProcess discard = await CliProcess.StartAsync("--handler discard --host ::1");
        using Socket other = await discard.ConnectAsync();
        await Clients.SendAllAsync(other, new byte[1_000_000]);
        other.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(other), Is.Empty);
        (_, JsonElement summary) = await discard.StopAsync();
        Assert.That(summary.GetProperty("bytes_in").GetInt64(), Is.EqualTo(1_000_000));
    }

    [TestCase("uring")]
    [TestCase("epoll")]
    public async Task Killed_server_is_started_again_on_its_port_at_once(string ring)
    {
        string arguments = $"--handler echo --workers 2 --ring {ring}";
        await using CliProcess killed = await CliProcess.StartAsync(arguments);
        var clients = new List<Socket>();
        for (int i = 0; i < 20; i++)
        {
            Socket client = await killed.ConnectAsync();
            clients.Add(client);
            await Clients.SendAllAsync(client, "hello"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 5);
        }

        // kill -9, with connections that are open, and that stay in TIME_WAIT or FIN_WAIT of this port.
        await killed.KillAsync();
        await using CliProcess again = await CliProcess.StartAsync(arguments, port: killed.Endpoint.Port);
        Assert.That(again.Endpoint, Is.EqualTo(killed.Endpoint));
        using Socket next = await again.ConnectAsync();
        await Clients.SendAllAsync(next, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(next, 5), Is.EqualTo("hello"u8.ToArray()));
        clients.ForEach(client => client.Dispose());
    }

    [TestCase("auto")]
    [TestCase("epoll")]
    [TestCase("uring --architecture reactor")]
    [TestCase("epoll --architecture reactor")]
    public async Task Out_of_descriptors_clients_wait_without_a_spin_or_a_flood_of_log_lines(string ring)
    {
        await using CliProcess cli = await CliProcess.StartAsync(
            $"--handler echo --workers 1 --ring {ring}", descriptors: 256);
        var clock = Stopwatch.StartNew();
        const int Count = 300;
        var clients = new List<Socket>();
        for (int i = 0; i < Count; i++)
        {
            // The kernel completes the handshake, also of those that the server cannot accept.
            clients.Add(await cli.ConnectAsync());
            await Clients.SendAllAsync(clients[i], "hello"u8.ToArray());
        }

        await cli.AwaitErrorAsync("EMFILE");
        foreach (Socket client in clients)
        {
            // Each that is served and leaves makes room for one that waits.
            Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
            client.Dispose();
        }

        (_, JsonElement summary) = await cli.StopAsync();
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(Count));

        // One try each 10 ms at most, and one more for each connection that closed.
        long tries = summary.GetProperty("accept_errors").GetInt64();
        Assert.That(tries, Is.Positive.And.LessThanOrEqualTo((clock.ElapsedMilliseconds / 10) + Count));
        Assert.That(cli.Errors, Has.Length.LessThanOrEqualTo(Count), string.Join('\n', cli.Errors));
    }
}
