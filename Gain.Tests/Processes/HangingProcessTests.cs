using System.Diagnostics;
using System.Net.Sockets;
using Gain.Tests.Documentation;
using Gain.Tests.Server;

namespace Gain.Tests.Processes;

/// <summary>A server's process of which something hangs: a callback, or who should read its log.</summary>
[NonParallelizable]
[TestFixture("Uring")]
[TestFixture("Epoll")]
public class HangingProcessTests(string ring)
{
    private const int TerminatedBySignal = 128 + 15;

    private readonly string _source = """
        using System;
        using System.Threading.Tasks;
        using Gain;
        using System.Threading;

        var options = new GainOptions
        {
            WorkerCount = 1,
            Ring = GainRing.RING,
            Timeouts = { Drain = TimeSpan.FromHours(1) },
        };
        await using var server = GainServer.Start(new Rude(), args[0], options);
        new Thread(() =>
        {
            SpinWait.SpinUntil(() => !server.IsRunning);
            Console.Error.WriteLine("stopping");
        }) { IsBackground = true }.Start();
        Console.WriteLine($"listening on {server.EndPoints[0]}");
        if (args.Length > 1)
        {
            Console.ReadLine();
        }

        await server.WaitForShutdownAsync();

        [GainProtocol]
        public partial struct Rude
        {
            private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
            {
                while (data[0] == (byte)'h')
                {
                }

                if (data[0] == (byte)'t')
                {
                    throw new InvalidOperationException(new string('x', 16_000));
                }

                connection.Send(data);
            }
        }
        """.Replace("RING", ring, StringComparison.Ordinal);

    [OneTimeSetUp]
    public void RequireRing() => RingAvailability.Require(Enum.Parse<GainRing>(ring));

    [Test]
    public async Task Log_that_nobody_reads_stops_nobody()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartUnreadAsync(_source);

        // Five messages at once are let through, of 16 kB each: a pipe holds 64.
        for (int i = 0; i < 40; i++)
        {
            using Socket thrower = await program.ConnectAsync();
            await Clients.SendAllAsync(thrower, "t"u8.ToArray());
            await AwaitEndAsync(thrower);
            using Socket other = await program.ConnectAsync();
            await Clients.SendAllAsync(other, "x"u8.ToArray());
            Assert.That(await Clients.ReceiveExactlyAsync(other, 1), Is.EqualTo("x"u8.ToArray()));
        }

        Assert.That(await program.StopAsync(), Is.Zero, "nor the end of the process");
    }

    [Test]
    public async Task Second_signal_ends_a_process_whose_callback_does_not_return()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(_source);
        using Socket client = await program.ConnectAsync();
        await Clients.SendAllAsync(client, "h"u8.ToArray());
        await program.AwaitErrorAsync("callbacks of Rude");
        program.Terminate();
        await program.AwaitErrorAsync("stopping");
        program.Terminate();
        Assert.That(await program.AwaitEndAsync(), Is.EqualTo(TerminatedBySignal), program.Errors);
    }

    [Test]
    public async Task Signal_before_the_wait_for_it_drains_like_one_that_comes_later()
    {
        var clock = Stopwatch.StartNew();
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(_source, "waits");
        program.Terminate();
        program.Tell("go on");
        int exitCode = await program.AwaitEndAsync();
        if (exitCode == TerminatedBySignal && clock.Elapsed > TimeSpan.FromSeconds(1.5))
        {
            Assert.Ignore("The machine was too slow: a signal is held for two seconds after the start.");
        }

        Assert.That(exitCode, Is.Zero, program.Errors);
    }

    [Test]
    public async Task Program_that_does_not_wait_for_signals_keeps_its_own_handling()
    {
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(_source, "waits");
        program.Terminate();
        Assert.That(await program.AwaitEndAsync(), Is.EqualTo(TerminatedBySignal));
    }

    private static async Task AwaitEndAsync(Socket socket)
    {
        try
        {
            Assert.That(await socket.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), Is.Zero);
        }
        catch (SocketException reset)
        {
            Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
    }
}
