using System.Net.Sockets;

namespace Gain.Tests.Server.Sessions;

/// <summary>Sessions cost no object a message, nor their parts.</summary>
public class SessionAllocationTests(GainRing ring) : ServerTest(ring)
{
    private const int Messages = 1_000_000;

    // As for messages to callbacks: the JIT compiler allocates some kilobytes at moments of its own, and one
    // object a message would be 24 MB.
    private const long Noise = 100_000;

    [Test]
    public async Task A_million_messages_allocate_nothing_in_a_session_with_parts_in_parts()
    {
        await AllocatedByAsync(new SessionLines(), Messages);
        Assert.That(await AllocatedByAsync(new SessionLines(), Messages), Is.LessThan(Noise));
    }

    [Test]
    public async Task Reads_in_a_part_with_a_reference_as_its_result_allocate_nothing()
    {
        await AllocatedByAsync(new SessionWords(), Messages);
        Assert.That(await AllocatedByAsync(new SessionWords(), Messages), Is.LessThan(Noise));
    }

    [Test]
    public async Task Boxes_of_connections_that_are_gone_are_used_again()
    {
        await ChurnAsync(2_000);
        Assert.That(await ChurnAsync(2_000), Is.LessThan(Noise));
    }

    [Test]
    public async Task Sessions_that_wait_in_a_part_cost_a_few_hundred_bytes_each()
    {
        const int Sessions = 2_000;
        var options = new GainOptions { WorkerCount = 1, Limits = { MaxConnections = Sessions + 10 } };
        GainServer server = Start(new SessionLines(), options);
        var clients = new List<Socket>();
        try
        {
            for (int i = 0; i < Sessions; i++)
            {
                clients.Add(await Clients.ConnectAsync(server));
            }

            // Each has begun when the last one is answered.
            await Clients.SendAllAsync(clients[^1], "x\n"u8.ToArray());
            await Clients.ReceiveExactlyAsync(clients[^1], 2);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }

        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.AllocatedBytes, Is.LessThan((600L * Sessions) + Noise));
    }

    private async Task<long> AllocatedByAsync<TProtocol>(TProtocol prototype, int messages)
        where TProtocol : struct, Gain.CompilerServices.IProtocol<TProtocol>
    {
        GainServer server = Start(prototype, new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        byte[] sent = new byte[messages];
        sent.AsSpan().Fill((byte)'\n');
        Task sending = Clients.SendAllAsync(client, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(client, messages), Is.EqualTo(sent));
        await sending;
        client.Dispose();
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
        return server.Statistics.AllocatedBytes;
    }

    private async Task<long> ChurnAsync(int connections)
    {
        GainServer server = Start(new SessionLines(), new GainOptions { WorkerCount = 1 });
        for (int i = 0; i < connections; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(client, "x\n"u8.ToArray());
            await Clients.ReceiveExactlyAsync(client, 2);
            Clients.Reset(client);
        }

        await AwaitAllClosedAsync(server);
        await server.StopAsync().WaitAsync(Clients.Patience);
        return server.Statistics.AllocatedBytes;
    }
}

/// <summary>Echoes one byte at a time, by a part whose result is a reference.</summary>
[GainProtocol]
internal partial struct SessionWords
{
    private static async Session OnSession(SessionContext s)
    {
        while (await Word(s) is not null)
        {
            s.Send(s.Data);
            s.Consume(s.Data.Length);
        }
    }

    private static async Part<string?> Word(SessionContext s) => await s.Read() ? "" : null;
}
