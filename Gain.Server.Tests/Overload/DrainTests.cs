using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server.Overload;

public class DrainTests(GainRing ring) : ServerTest(ring)
{
    private const int LineLength = 10;

    [TestCase(1)]
    [TestCase(2)]
    public async Task Every_request_that_was_read_is_answered_before_the_FIN_while_clients_go_on(int workers)
    {
        const int Count = 16;
        var read = new long[1];
        using var running = new CountdownEvent(Count);
        var options = new GainOptions { WorkerCount = workers, Timeouts = { Linger = Clients.Patience } };
        GainServer server = Start(new CountingLines(read), options);
        Task<int>[] clients = [.. Enumerable.Range(0, Count).Select(_ => PipelineAsync(server, running))];
        Assert.That(running.Wait(Clients.Patience), "not every client had a hundred answers");
        Task stopped = server.StopAsync(Clients.Patience);

        int[] answers = await Task.WhenAll(clients).WaitAsync(Clients.Patience);
        await stopped.WaitAsync(Clients.Patience);
        Assert.That(answers.Sum(), Is.EqualTo(read[0]), "requests that were read and not answered");
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    // Sends numbered lines without waiting for answers until the server's FIN; a reset would throw.
    private static async Task<int> PipelineAsync(GainServer server, CountdownEvent running)
    {
        using Socket client = await Clients.ConnectAsync(server);
        using var ended = new CancellationTokenSource();
        Task sending = SendLinesAsync(client, ended.Token);
        byte[] buffer = new byte[64 << 10];
        int kept = 0;
        int answers = 0;
        while (true)
        {
            int got = await client.ReceiveAsync(buffer.AsMemory(kept)).AsTask().WaitAsync(Clients.Patience);
            if (got == 0)
            {
                break;
            }

            int length = kept + got;
            int taken = 0;
            for (; taken + LineLength <= length; taken += LineLength)
            {
                Assert.That(Utf8Parser.TryParse(buffer.AsSpan(taken, 9), out int number, out _));
                Assert.That(number, Is.EqualTo(answers), "an answer is missing, or out of order");
                if (++answers == 100)
                {
                    running.Signal();
                }
            }

            kept = length - taken;
            buffer.AsSpan(taken, kept).CopyTo(buffer);
        }

        Assert.That(kept, Is.Zero, "an answer was cut");
        await ended.CancelAsync();
        await sending;
        return answers;
    }

    private static async Task SendLinesAsync(Socket client, CancellationToken ended)
    {
        const int Batch = 20;
        try
        {
            for (int number = 0; !ended.IsCancellationRequested; number += Batch)
            {
                string lines = string.Concat(Enumerable.Range(number, Batch).Select(i => $"{i:d9}\n"));
                ReadOnlyMemory<byte> rest = Encoding.ASCII.GetBytes(lines);
                while (!rest.IsEmpty)
                {
                    rest = rest[await client.SendAsync(rest, ended)..];
                }

                // Sends that never wait would keep the receivers from the pool's threads.
                await Task.Yield();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.That(ended.IsCancellationRequested);
        }
    }
}

[GainProtocol]
[Delimited("\n", MaxFrameLength = 9)]
internal partial struct CountingLines(long[] read)
{
    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        Interlocked.Increment(ref read[0]);
        connection.Send(line);
        connection.Send("\n"u8);
    }
}
