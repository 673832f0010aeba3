using System.Net.Sockets;
using Gain.Tests.Server;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Parity;

/// <summary>The original's options, by ours.</summary>
[NonParallelizable]
public sealed class ParityOptionsTests
{
    // The original's Config as a whole, as far as a running server shows it.
    [Test]
    public async Task Every_option_of_the_original_lands([Values] GainArchitecture architecture)
    {
        var seen = new TaskCompletionSource<(int, int, TimeSpan, int)>();
        var script = new Script
        {
            OnAccept = connection => seen.SetResult((
                connection.Socket.ReceiveBufferBytes,
                connection.Socket.SendBufferBytes,
                connection.Socket.KeepAliveIdle,
                connection.WorkerIndex)),
        };
        var options = new GainOptions
        {
            Architecture = architecture,
            Balancing = architecture == GainArchitecture.Reactor
                ? GainBalancing.LeastConnections
                : GainBalancing.RoundRobin,
            WorkerCount = 3,
            CpuAffinity = true,
            NiceValue = 0,
            Buffers = { RingEntries = 4_096 },
            LogLevel = LogLevel.Error,
            Sockets = {
                ReceiveBufferBytes = 4_096, SendBufferBytes = 4_096, KeepAliveIdle = TimeSpan.FromSeconds(1),
            },
        };
        await using GainServer server = GainServer.Start(
            new ScriptedProtocol(script), "tcp://127.0.0.1:0", options);
        using Socket client = await Clients.ConnectAsync(server);
        (int receive, int send, TimeSpan idle, int worker) = await seen.Task.WaitAsync(Clients.Patience);

        Assert.That((receive, send), Is.EqualTo((2 * 4_096, 2 * 4_096)), "the kernel doubles them");
        Assert.That(idle, Is.EqualTo(TimeSpan.FromSeconds(1)));
        Assert.That(worker, Is.InRange(0, 2));
        Assert.That(server.WorkerCount, Is.EqualTo(3));
        client.Close();
    }

    [TestCase(LogLevel.Information, true)]
    [TestCase(LogLevel.Warning, false)]
    [TestCase(LogLevel.None, false)]
    public async Task Log_level_decides_what_goes_to_standard_error(LogLevel level, bool tellsOfTheStart)
    {
        TextWriter before = Console.Error;
        using var written = new StringWriter();
        Console.SetError(written);
        try
        {
            GainServer server = GainServer.Start(
                new EchoProtocol(),
                "tcp://127.0.0.1:0",
                new GainOptions { WorkerCount = 1, LogLevel = level, Ring = GainRing.Epoll });
            await server.StopAsync().WaitAsync(Clients.Patience);
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.That(
            written.ToString(),
            tellsOfTheStart ? Does.Contain("gain: Information: ").And.Contain("tcp://127.0.0.1:") : Is.Empty);
    }
}
