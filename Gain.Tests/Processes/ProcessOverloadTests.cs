using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Processes;

/// <summary>A server's process under load, seen from outside.</summary>
[NonParallelizable]
[TestFixture(GainRing.Uring)]
[TestFixture(GainRing.Epoll)]
public class ProcessOverloadTests(GainRing ring)
{
    private readonly string _arguments = $"--handler echo --ring {ring.ToString().ToLowerInvariant()} ";

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(ring);

    [Test]
    public async Task Out_of_descriptors_it_serves_those_who_are_in_and_takes_the_others_when_they_leave()
    {
        const int Waves = 3;
        const int Count = 200;
        await using CliProcess cli = await CliProcess.StartAsync(
            _arguments + "--workers 1", descriptors: 200);
        var clock = Stopwatch.StartNew();
        for (int wave = 0; wave < Waves; wave++)
        {
            Socket first = await cli.ConnectAsync();
            await EchoAsync(first);
            var clients = new List<Socket>();
            for (int i = 0; i < Count; i++)
            {
                // The kernel completes the handshake, also of those that the server cannot accept.
                clients.Add(await cli.ConnectAsync());
                await Clients.SendAllAsync(clients[i], "hello"u8.ToArray());
            }

            await cli.AwaitErrorAsync("EMFILE");
            await EchoAsync(first);
            first.Dispose();
            foreach (Socket client in clients)
            {
                Assert.That(
                    await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
                client.Dispose();
            }
        }

        (int exitCode, JsonElement summary) = await cli.StopAsync();
        Assert.That(exitCode, Is.Zero);
        const int All = Waves * (Count + 1);
        Assert.That(summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo(All));

        // One try each 10 ms at most, and one more for each connection that closed.
        long tries = summary.GetProperty("accept_errors").GetInt64();
        Assert.That(tries, Is.Positive.And.AtMost((clock.ElapsedMilliseconds / 10) + All));

        // Five messages at once and one a second, each with one that tells how many were not logged.
        Assert.That(
            cli.Errors, Has.Length.AtMost(2 * (6 + (clock.ElapsedMilliseconds / 1_000))),
            string.Join('\n', cli.Errors));
    }

    [Test]
    public async Task Thousands_of_connections_leave_it_as_large_as_it_was()
    {
        const int Count = 15_000;
        await using CliProcess cli = await CliProcess.StartAsync(_arguments + "--workers 2");
        await ChurnAsync(cli, 1);
        int descriptors = await AwaitDescriptorsAsync(cli, int.MaxValue);
        await ChurnAsync(cli, Count);
        await AwaitDescriptorsAsync(cli, descriptors);
        long half = ResidentKilobytes(cli);
        await ChurnAsync(cli, Count);
        await AwaitDescriptorsAsync(cli, descriptors);
        long growth = ResidentKilobytes(cli) - half;

        // 15,000 connections that each left 280 bytes would be over this.
        Assert.That(growth, Is.LessThan(4_096), "kB");
        (_, JsonElement summary) = await cli.StopAsync();
        Assert.That(
            summary.GetProperty("connections_accepted").GetInt64(), Is.EqualTo((2 * Count) + 4));
    }

    // In four threads, each of at least one.
    private static Task ChurnAsync(CliProcess cli, int count) => Task.WhenAll(
        Enumerable.Range(0, 4).Select(
            _ => Task.Run(() => ConnectAndReset(cli.Endpoint, Math.Max(1, count / 4)))));

    private static void ConnectAndReset(IPEndPoint endpoint, int count)
    {
        byte[] data = new byte[1];
        for (int i = 0; i < count; i++)
        {
            using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            // A reset leaves no TIME_WAIT, of which there is a place for some 28,000 only.
            socket.LingerState = new LingerOption(true, 0);
            socket.Connect(endpoint);
            socket.Send(data);
            Assert.That(socket.Receive(data), Is.EqualTo(1), "the server refused");
        }
    }

    // The runtime itself opens and closes a descriptor now and then.
    private static async Task<int> AwaitDescriptorsAsync(CliProcess cli, int most)
    {
        var clock = Stopwatch.StartNew();
        int count;
        while ((count = ForeignDescriptors.Count(cli.Id)) > (long)most + 4)
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"{count} descriptors, not {most}");
            await Task.Yield();
        }

        return count;
    }

    private static long ResidentKilobytes(CliProcess cli) => long.Parse(
        File.ReadLines($"/proc/{cli.Id}/status")
            .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))["VmRSS:".Length..^2],
        NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
        CultureInfo.InvariantCulture);

    private static async Task EchoAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);
    }
}
