using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

public class ConnectionTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Close_in_OnAccept_sends_everything_first()
    {
        var journal = new Journal();
        byte[] greeting = Clients.Pattern(3_000_000, 8);
        GainServer server = Start(new GreetingProtocol(journal, greeting, aborts: false));
        using Socket client = await Clients.ConnectAsync(server);
        byte[] received = await Clients.ReceiveToEndAsync(client);

        Assert.That(received.AsSpan().SequenceEqual(greeting));
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close Local" }));
    }

    [Test]
    public async Task Close_is_no_reset_although_the_client_keeps_sending()
    {
        var journal = new Journal();
        byte[] greeting = Clients.Pattern(200_000, 9);
        GainServer server = Start(new GreetingProtocol(journal, greeting, aborts: false));
        using Socket client = await Clients.ConnectAsync(server);
        Task sending = Clients.SendAllAsync(client, new byte[2_000_000]);
        byte[] received = await Clients.ReceiveToEndAsync(client);
        await sending;

        Assert.That(received.AsSpan().SequenceEqual(greeting));
    }

    [Test]
    public async Task Closed_connection_does_not_wait_forever_for_the_client()
    {
        GainServer server = Start(
            new GreetingProtocol(new Journal(), "bye"u8.ToArray(), aborts: false),
            new GainOptions
            {
                Timeouts = { Linger = TimeSpan.FromMilliseconds(20) },
                Limits = { MaxConnections = 1 },
            });
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.ReceiveToEndAsync(client);

        // The one place is taken while the server lingers; a later client gets it although the first one
        // never closes.
        byte[] greeting = [];
        while (greeting.Length == 0)
        {
            using Socket next = await Clients.ConnectAsync(server);
            greeting = await Clients.ReceiveToEndAsync(next);
        }

        Assert.That(greeting, Is.EqualTo("bye"u8.ToArray()));
    }

    [Test]
    public async Task Abort_resets_the_client()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var journal = new Journal();
        GainServer server = Start(new GreetingProtocol(journal, "lost"u8.ToArray(), aborts: true));

        // The reset may come before the client's connect has returned.
        Assert.That(
            async () =>
            {
                using Socket client = await Clients.ConnectAsync(server);
                await Clients.ReceiveToEndAsync(client);
            },
            Throws.InstanceOf<SocketException>());
        Assert.That(await journal.AwaitAsync(1), Is.EqualTo(new[] { "close Aborted" }));
    }

    [Test]
    public async Task Handle_closes_its_connection_from_another_thread()
    {
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new HandleProtocol(handles));
        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle handle = Take(handles);

        Assert.That(handle.TryClose());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
    }

    [Test]
    public async Task Handle_of_a_gone_connection_does_not_touch_the_next_in_its_place()
    {
        RequireTcp("a reset, which Unix sockets do not have");
        var handles = new BlockingCollection<ConnectionHandle>();
        GainServer server = Start(new HandleProtocol(handles), new GainOptions { WorkerCount = 1 });
        using (await Clients.ConnectAsync(server))
        {
        }

        ConnectionHandle gone = Take(handles);
        while (server.ActiveConnections != 0)
        {
            await Task.Yield();
        }

        using Socket client = await Clients.ConnectAsync(server);
        ConnectionHandle present = Take(handles);
        Assert.That(gone, Is.Not.EqualTo(present));
        Assert.That(gone.TryAbort());
        await Clients.SendAllAsync(client, "alive"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("alive"u8.ToArray()));

        Assert.That(present.TryAbort());
        Assert.That(() => Clients.ReceiveToEndAsync(client), Throws.InstanceOf<SocketException>());
        Assert.That(default(ConnectionHandle).TryClose(), Is.False);
    }

    [Test]
    public async Task Addresses_are_those_of_the_sockets()
    {
        RequireTcp("an IP address");
        var journal = new Journal();
        GainServer server = Start(new AddressProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That(
            await journal.AwaitAsync(2),
            Is.EqualTo(new[]
            {
                $"{client.RemoteEndPoint} from {client.LocalEndPoint}",
                $"numbers {client.RemoteEndPoint} from {client.LocalEndPoint}",
            }));
    }

    [Test]
    public async Task Connections_over_the_limit_are_closed_and_counted()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions
        {
            Limits = { MaxConnections = 2 },
            WorkerCount = 2,
        });
        using Socket one = await Clients.ConnectAsync(server);
        using Socket two = await Clients.ConnectAsync(server);
        await EchoAsync(one);
        await EchoAsync(two);

        using (Socket three = await Clients.ConnectAsync(server))
        {
            Assert.That(await Clients.ReceiveToEndAsync(three), Is.Empty);
        }

        Assert.That(server.Statistics.Refused, Is.EqualTo(1));
        one.Dispose();
        while (server.ActiveConnections > 1)
        {
            await Task.Yield();
        }

        bool isServed = false;
        while (!isServed)
        {
            // The place is free a moment after the connection is no longer active.
            using Socket four = await Clients.ConnectAsync(server);
            await Clients.SendAllAsync(four, "x"u8.ToArray());
            isServed = (await four.ReceiveAsync(new byte[1])) == 1;
        }
    }

    private static ConnectionHandle Take(BlockingCollection<ConnectionHandle> handles)
    {
        Assert.That(handles.TryTake(out ConnectionHandle handle, Clients.Patience));
        return handle;
    }

    private static async Task EchoAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "x"u8.ToArray());
        await Clients.ReceiveExactlyAsync(client, 1);
    }
}

[GainProtocol]
internal partial struct HandleProtocol(BlockingCollection<ConnectionHandle> handles)
{
    private readonly void OnAccept(Connection connection) => handles.Add(connection.Handle);

    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}

[GainProtocol]
internal partial struct AddressProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        IPEndPoint? local = connection.LocalEndPoint;
        journal.Add($"{local} from {connection.RemoteEndPoint}");
        journal.Add($"numbers {connection.LocalAddress} from {connection.RemoteAddress}");
    }
}
