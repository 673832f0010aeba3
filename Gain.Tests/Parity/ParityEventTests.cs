using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Parity;

/// <summary>
/// How often each callback runs: the exact counts of OnStart, OnAccept, OnRead, OnWrite and OnClose.
/// </summary>
public sealed class ParityEventTests(GainRing ring, GainArchitecture architecture)
    : ParityTest(ring, architecture)
{
    [Test]
    public async Task Read_alone_is_no_write([Values] bool isAsync)
    {
        int[] counts = await ExchangeAsync(
            new Script { OnRead = RequireData, OnReadElsewhere = isAsync ? static (_, _) => { } : null },
            sends: true,
            receives: 0,
            closes: true);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 0, 1 }));
    }

    [Test]
    public async Task Read_and_write_are_one_of_each([Values] bool isAsync)
    {
        int[] counts = await ExchangeAsync(Script.Echo(isAsync), sends: true, receives: 1, closes: true);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    [Test]
    public async Task Read_write_and_close_send_the_data_and_then_end([Values] bool isAsync)
    {
        Script script = Script.EchoAndClose(isAsync);
        int[] counts = await ExchangeAsync(script, sends: true, receives: 1, closes: false);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    [Test]
    public async Task Close_in_OnAccept_is_one_accept_and_one_close()
    {
        var script = new Script { OnAccept = static connection => connection.Close() };
        int[] counts = await ExchangeAsync(script, sends: false, receives: 0, closes: false);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 0, 0, 1 }));
    }

    // As after SetLinger(0) and Close: what the client does then is an error.
    [Test]
    public async Task Abort_in_OnAccept_resets_before_anything_is_read()
    {
        var script = new Script { OnAccept = static connection => connection.Abort() };
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        Assert.That(
            async () =>
            {
                // The reset may come before the connect has returned.
                using Socket client = await Clients.ConnectAsync(server);
                await client.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience);
            },
            Throws.InstanceOf<SocketException>());

        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 0, 0, 1 }));
    }

    [Test]
    public async Task Write_in_OnAccept_is_one_write()
    {
        var script = new Script { OnAccept = static connection => connection.Send(s_data) };
        int[] counts = await ExchangeAsync(script, sends: false, receives: 1, closes: true);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 0, 1, 1 }));
    }

    [Test]
    public async Task Write_and_close_in_OnAccept_send_the_data_and_then_end()
    {
        var script = new Script
        {
            OnAccept = static connection =>
            {
                connection.Send(s_data);
                connection.Close();
            },
        };
        int[] counts = await ExchangeAsync(script, sends: false, receives: 1, closes: false);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 0, 1, 1 }));
    }

    // The count of the connection's writes is a field of the handler: its context, which survives.
    [Test]
    public async Task Write_in_OnWrite_is_a_second_write([Values] bool isAsync)
    {
        var more = new Script.ActOnCount(static (connection, bytes, nth) =>
        {
            Assert.That(bytes, Is.EqualTo(s_data.Length));
            if (nth == 1)
            {
                connection.Send(s_data);
            }
        });
        Script script = isAsync
            ? new Script { OnReadElsewhere = Posted.Send, OnWrite = more }
            : new Script { OnRead = static (connection, data) => connection.Send(data), OnWrite = more };
        int[] counts = await ExchangeAsync(script, sends: true, receives: 2, closes: true);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 2, 1 }));
    }

    [Test]
    public async Task Sockets_are_adjusted_in_every_callback([Values] bool isAsync)
    {
        var script = new Script
        {
            OnAccept = static connection => Adjust(connection.Socket),
            OnRead = (connection, data) =>
            {
                Adjust(connection.Socket);
                if (!isAsync)
                {
                    connection.Send(data);
                }
            },
            OnReadElsewhere = isAsync ? Posted.Send : null,
            OnWrite = static (connection, _, _) =>
            {
                Adjust(connection.Socket);
                connection.Close();
            },
        };
        int[] counts = await ExchangeAsync(script, sends: true, receives: 1, closes: false);

        Assert.That(counts, Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    // The server that OnStart was given is stopped by somebody who does not wait for it.
    [Test]
    public async Task Stop_that_nobody_waits_for_ends_the_server_after_the_exchange([Values] bool isAsync)
    {
        GainServer? started = null;
        Script script = isAsync
            ? new Script { OnStart = server => started = server, OnReadElsewhere = Posted.Send }
            : new Script
            {
                OnStart = server => started = server,
                OnRead = static (connection, data) => connection.Send(data),
            };
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        Assert.That(started, Is.SameAs(server));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, s_data);
        Assert.That(await Clients.ReceiveExactlyAsync(client, s_data.Length), Is.EqualTo(s_data));
        client.Close();
        _ = started!.StopAsync();

        Assert.That(server.IsRunning, Is.False);
        await server.WaitForShutdownAsync().WaitAsync(Clients.Patience);
        Assert.That(await script.CountAsync(server), Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
    }

    private static void Adjust(ConnectionSocket socket)
    {
        socket.SetResetOnClose(true);
        Assert.That(socket.ResetOnClose);
        socket.SetResetOnClose(false);
        socket.SetReceiveBufferBytes(4_096);
        Assert.That(socket.ReceiveBufferBytes, Is.EqualTo(2 * 4_096));
        socket.SetSendBufferBytes(4_096);
        Assert.That(socket.SendBufferBytes, Is.EqualTo(2 * 4_096));
        socket.SetKeepAlive(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1), 3);
        Assert.That(socket.KeepAliveIdle, Is.EqualTo(TimeSpan.FromMinutes(1)));
        socket.SetNoDelay(false);
        Assert.That(socket.NoDelay, Is.False);
        socket.SetNoDelay(true);
        Assert.That(socket.NoDelay);
    }

    private static void RequireData(Connection connection, ReadOnlySpan<byte> data) =>
        Assert.That(data.SequenceEqual(s_data));

    /// <summary>One client: what it does, and what it must see, after which nothing more comes.</summary>
    private async Task<int[]> ExchangeAsync(Script script, bool sends, int receives, bool closes)
    {
        GainServer server = Start(new ScriptedProtocol(script), FourWorkers());
        using Socket client = await Clients.ConnectAsync(server);
        if (sends)
        {
            await Clients.SendAllAsync(client, s_data);
            await script.Journal.AwaitAsync(static entry => entry == "read", 1);
        }

        for (int i = 0; i < receives; i++)
        {
            Assert.That(await Clients.ReceiveExactlyAsync(client, s_data.Length), Is.EqualTo(s_data));
        }

        if (closes)
        {
            client.Shutdown(SocketShutdown.Send);
        }

        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Close();
        return await script.CountAsync(server);
    }
}
