using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

public class AdmissionServerTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task One_more_than_the_limit_is_told_farewell_and_closed()
    {
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxConnections = 2 },
            Accepting = { Farewell = "try later\n" },
        };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket first = await Clients.ConnectAsync(server);
        using Socket second = await Clients.ConnectAsync(server);
        await EchoAsync(first);
        await EchoAsync(second);
        using Socket third = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(third), Is.EqualTo("try later\n"u8.ToArray()));
        Assert.That(server.Statistics.RefusedByLimit, Is.EqualTo(1));
        Assert.That(server.Statistics.Refused, Is.EqualTo(1));
        await EchoAsync(first);
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Clients_over_the_limit_wait_in_the_queue_and_lose_nothing(int workers)
    {
        var options = new GainOptions
        {
            WorkerCount = workers,
            Limits = { MaxConnections = 2 },
            Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
        };
        GainServer server = Start(new EchoProtocol(), options);
        var clients = new List<Socket>();
        for (int i = 0; i < 40; i++)
        {
            Socket client = await Clients.ConnectAsync(server);
            clients.Add(client);
            await Clients.SendAllAsync(client, "ping"u8.ToArray());
        }

        // Whoever is served closes, and gives the place to one that waits.
        await Task.WhenAll(clients.Select(async client =>
        {
            Assert.That(await Clients.ReceiveExactlyAsync(client, 4), Is.EqualTo("ping"u8.ToArray()));
            client.Dispose();
        }));
        Assert.That(server.Statistics.Refused, Is.Zero);
        Assert.That(server.Statistics.Accepted, Is.EqualTo(clients.Count));
    }

    [Test]
    public async Task Those_who_wait_for_a_place_are_closed_by_a_stop()
    {
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits = { MaxConnections = 1 },
            Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
            // Neither client closes before the server does, and one comes after the other.
            Timeouts = { Linger = TimeSpan.FromMilliseconds(100) },
        };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket served = await Clients.ConnectAsync(server);
        await EchoAsync(served);
        using Socket waiting = await Clients.ConnectAsync(server);
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveToEndAsync(served), Is.Empty);

        // Closed, or reset when it was still in the listen queue.
        try
        {
            Assert.That(await Clients.ReceiveToEndAsync(waiting), Is.Empty);
        }
        catch (SocketException reset)
        {
            Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
    }

    [Test]
    public async Task Full_worker_refuses_although_the_server_has_room()
    {
        GainServer server = Start(
            new EchoProtocol(),
            new GainOptions
            {
                WorkerCount = 1,
                Limits = { MaxConnections = 9, MaxConnectionsPerWorker = 1 },
            });
        using Socket first = await Clients.ConnectAsync(server);
        await EchoAsync(first);
        using Socket second = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(second), Is.Empty);
        Assert.That(server.Statistics.RefusedByLimit, Is.EqualTo(1));
    }

    [Test]
    public async Task Address_with_too_many_connections_is_refused_and_others_are_not()
    {
        GainServer server = Start(
            new EchoProtocol(), new GainOptions
            {
                WorkerCount = 2,
                Limits = { MaxConnectionsPerAddress = 2 },
            });
        using Socket first = await ConnectFromAsync(server, "127.0.0.5");
        using Socket second = await ConnectFromAsync(server, "127.0.0.5");
        await EchoAsync(first);
        await EchoAsync(second);
        using (Socket third = await ConnectFromAsync(server, "127.0.0.5"))
        {
            Assert.That(await Clients.ReceiveToEndAsync(third), Is.Empty);
        }

        Assert.That(server.Statistics.RefusedByAddressLimit, Is.EqualTo(1));
        using Socket elsewhere = await ConnectFromAsync(server, "127.0.0.6");
        await EchoAsync(elsewhere);

        // A closed connection makes room for its address.
        first.Dispose();
        bool isServed = false;
        while (!isServed)
        {
            using Socket next = await ConnectFromAsync(server, "127.0.0.5");
            isServed = await TryEchoAsync(next);
        }
    }

    [Test]
    public async Task Denied_network_is_closed_at_once_and_an_allowed_one_is_served()
    {
        var options = new GainOptions
        {
            WorkerCount = 1,
            Accepting = { FarewellBytes = "never sent"u8.ToArray() },
        };
        options.Accepting.AllowedNetworks.Add(IPNetwork.Parse("127.0.0.0/8"));
        options.Accepting.DeniedNetworks.Add(IPNetwork.Parse("127.9.0.0/16"));
        GainServer server = Start(new EchoProtocol(), options);
        using Socket denied = await ConnectFromAsync(server, "127.9.3.1");
        Assert.That(await Clients.ReceiveToEndAsync(denied), Is.Empty);
        using Socket allowed = await ConnectFromAsync(server, "127.8.3.1");
        await EchoAsync(allowed);
        Assert.That(server.Statistics.RefusedByFilter, Is.EqualTo(1));
    }

    [TestCase("::/0")]
    [TestCase("::/80")]
    public async Task Network_of_IPv6_lets_in_no_IPv4_client_and_keeps_none_out(string network)
    {
        if (!Socket.OSSupportsIPv6)
        {
            Assert.Ignore("This machine has no IPv6.");
        }

        var allowing = new GainOptions { WorkerCount = 1 };
        allowing.Accepting.AllowedNetworks.Add(IPNetwork.Parse("10.0.0.0/8"));
        allowing.Accepting.AllowedNetworks.Add(IPNetwork.Parse(network));
        GainServer server = Start(GainServer.Listen(new EchoProtocol(), "tcp://*:0"), allowing);
        using Socket refused = await ConnectToAsync(server, IPAddress.Loopback);
        Assert.That(await Clients.ReceiveToEndAsync(refused), Is.Empty);
        using Socket allowed = await ConnectToAsync(server, IPAddress.IPv6Loopback);
        await EchoAsync(allowed);

        var denying = new GainOptions { WorkerCount = 1 };
        denying.Accepting.DeniedNetworks.Add(IPNetwork.Parse(network));
        server = Start(GainServer.Listen(new EchoProtocol(), "tcp://*:0"), denying);
        using Socket served = await ConnectToAsync(server, IPAddress.Loopback);
        await EchoAsync(served);
        using Socket denied = await ConnectToAsync(server, IPAddress.IPv6Loopback);
        Assert.That(await Clients.ReceiveToEndAsync(denied), Is.Empty);
    }

    [Test]
    public async Task Accepts_over_the_rate_wait_and_are_all_served()
    {
        GainServer server = Start(
            new EchoProtocol(), new GainOptions { WorkerCount = 2, Accepting = { MaxPerSecond = 100 } });
        var clients = new List<Socket>();
        for (int i = 0; i < 40; i++)
        {
            clients.Add(await Clients.ConnectAsync(server));
        }

        await Task.WhenAll(clients.Select(EchoAsync));
        clients.ForEach(client => client.Dispose());
        Assert.That(server.Statistics.Refused, Is.Zero);
    }

    // A hundred clients come at once, and the rate is 200 in a second.
    [Test]
    public async Task No_more_are_accepted_in_any_time_than_the_rate_allows(
        [Values] GainArchitecture architecture)
    {
        const int Rate = 200;
        const int Burst = Rate / 10;
        var options = new GainOptions
        {
            WorkerCount = 2,
            Architecture = architecture,
            Accepting = { MaxPerSecond = Rate },
        };
        var clock = System.Diagnostics.Stopwatch.StartNew();
        GainServer server = Start(new EchoProtocol(), options);
        Socket[] clients =
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Clients.ConnectAsync(server)));
        Task served = Task.WhenAll(clients.Select(EchoAsync));
        while (!served.IsCompleted)
        {
            // In this order: what is counted later is allowed by then.
            long accepted = server.Statistics.Accepted;
            double allowed = Burst + (clock.Elapsed.TotalSeconds * Rate) + 1;
            Assert.That(accepted, Is.AtMost(allowed));
            await Task.WhenAny(served, Task.Run(Thread.Yield));
        }

        await served;
        Array.ForEach(clients, client => client.Dispose());
        Assert.That(server.Statistics.Refused, Is.Zero);
    }

    private static async Task<Socket> ConnectFromAsync(GainServer server, string address)
    {
        IPEndPoint endpoint = server.EndPoints[0];
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        await socket.ConnectAsync(endpoint).WaitAsync(Clients.Patience);
        return socket;
    }

    private static Task<Socket> ConnectToAsync(GainServer server, IPAddress host) =>
        Clients.ConnectAsync(new IPEndPoint(host, server.EndPoints[0].Port));

    private static async Task EchoAsync(Socket client) =>
        Assert.That(await TryEchoAsync(client), "the server closed instead of answering");

    private static async Task<bool> TryEchoAsync(Socket client)
    {
        try
        {
            await Clients.SendAllAsync(client, "x"u8.ToArray());
            return await client.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
