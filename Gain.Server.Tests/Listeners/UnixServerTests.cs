using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Gain.Kernel;

namespace Gain.Tests.Server;

/// <summary>What is particular to Unix sockets; the other tests of servers run over them as well.</summary>
[SupportedOSPlatform("linux")]
public class UnixServerTests(GainRing ring) : ServerTest(ring)
{
    private TempSockets _sockets = null!;

    private protected override string Address => _sockets.Address();

    [SetUp]
    public void MakeDirectory() => _sockets = new TempSockets();

    [TearDown]
    public async Task RemoveDirectory()
    {
        await StopServers();
        Assert.That(_sockets.Names(), Is.Empty, "a stopped server leaves no file");
        _sockets.Dispose();
    }

    [TestCase(1, 1)]
    [TestCase(1, 8)]
    [TestCase(8, 16)]
    public async Task Workers_and_clients_echo(int workers, int clients)
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = workers });
        Assert.That(server.Addresses, Is.EqualTo([_sockets.Address()]));
        Assert.That(server.EndPoints, Is.Empty);
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async seed =>
        {
            using Socket client = await Clients.ConnectAsync(server);
            for (int round = 0; round < 50; round++)
            {
                byte[] sent = Clients.Pattern(2_000, (seed * 100) + round);
                await Clients.SendAllAsync(client, sent);
                Assert.That(await Clients.ReceiveExactlyAsync(client, sent.Length), Is.EqualTo(sent));
            }
        }));
        Assert.That(server.Statistics.Accepted, Is.EqualTo(clients));
        Assert.That(server.Statistics.SocketErrors, Is.Zero);
        Assert.That(server.Statistics.AcceptErrors, Is.Zero);
    }

    [Test]
    public async Task Connections_one_after_another_go_to_all_workers()
    {
        const int workers = 4;
        const int clients = 200;
        GainServer server = Start(new WorkerNamingProtocol(), new GainOptions { WorkerCount = workers });
        var counts = new int[workers];
        for (int i = 0; i < clients; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            counts[(await Clients.ReceiveExactlyAsync(client, 1))[0]]++;
        }

        TestContext.Out.WriteLine(string.Join(' ', counts));
        Assert.That(counts, Has.All.GreaterThanOrEqualTo(clients / workers / 5), "some workers idle");
    }

    [Test]
    public async Task Connections_that_wait_together_are_all_accepted()
    {
        const int clients = 300;
        GainServer server = Start(new WorkerNamingProtocol(), new GainOptions { WorkerCount = 3 });
        int[] workers = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            using Socket client = await Clients.ConnectAsync(server);
            return (int)(await Clients.ReceiveExactlyAsync(client, 1))[0];
        })));
        TestContext.Out.WriteLine(string.Join(' ', workers.CountBy(worker => worker)));
        Assert.That(server.Statistics.Accepted, Is.EqualTo(clients));
    }

    [Test]
    public async Task Abstract_name_is_served_and_gone_at_the_stop()
    {
        string name = $"@gain-test-{Guid.NewGuid():N}";
        await using (GainServer server = GainServer.Start(
            new EchoProtocol(), $"unix://{name}", new GainOptions { Ring = Ring, WorkerCount = 2 }))
        {
            Assert.That(server.Addresses, Is.EqualTo([$"unix://{name}"]));
            using Socket client = await Clients.ConnectAsync(name);
            await EchoAsync(client);
        }

        Assert.That(
            async () => await Clients.ConnectAsync(name),
            Throws.TypeOf<SocketException>().With.Property("SocketErrorCode")
                .EqualTo(SocketError.ConnectionRefused));
    }

    [Test]
    public async Task Peer_has_credentials_and_no_addresses()
    {
        var journal = new Journal();
        GainServer server = Start(new CredentialsProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        uint user = EffectiveUser();
        Assert.That(
            (await journal.AwaitAsync(1))[0],
            Is.EqualTo($"pid {Environment.ProcessId} uid {user} remote '' local '' unix"));
    }

    [Test]
    public async Task Peer_of_a_TCP_connection_has_no_credentials()
    {
        var journal = new Journal();
        await using GainServer server = GainServer.Start(
            new CredentialsProtocol(journal), "tcp://127.0.0.1:0", new GainOptions { Ring = Ring });
        using Socket client = await Clients.ConnectAsync(server);
        Assert.That((await journal.AwaitAsync(1))[0], Does.StartWith("pid  uid  remote '127.0.0.1:"));
    }

    [Test]
    public async Task Filters_and_limits_of_addresses_do_not_apply()
    {
        var options = new GainOptions
        {
            Accepting = { AllowedNetworks = ["192.0.2.0/24"], DeniedNetworks = ["::/0", "0.0.0.0/0"] },
            Limits = { MaxConnectionsPerAddress = 1 },
        };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket one = await Clients.ConnectAsync(server);
        using Socket two = await Clients.ConnectAsync(server);
        await EchoAsync(one);
        await EchoAsync(two);
        Assert.That(server.Statistics.RefusedByFilter, Is.Zero);
        Assert.That(server.Statistics.RefusedByAddressLimit, Is.Zero);
    }

    [Test]
    public async Task Limit_on_connections_refuses_with_a_farewell()
    {
        var options = new GainOptions
        {
            Limits = { MaxConnections = 1 },
            Accepting = { Farewell = "full" },
            WorkerCount = 2,
        };
        GainServer server = Start(new EchoProtocol(), options);
        using Socket one = await Clients.ConnectAsync(server);
        await EchoAsync(one);
        using Socket two = await Clients.ConnectAsync(server);
        Assert.That(await Clients.ReceiveToEndAsync(two), Is.EqualTo("full"u8.ToArray()));
    }

    [Test]
    public async Task Clients_wait_for_room_and_all_get_it()
    {
        var options = new GainOptions
        {
            Limits = { MaxConnections = 2 },
            Accepting = { AtConnectionLimit = ConnectionLimitPolicy.StopAccepting },
            WorkerCount = 2,
        };
        GainServer server = Start(new EchoProtocol(), options);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using Socket client = await Clients.ConnectAsync(server);
            await EchoAsync(client);
        }));
        Assert.That(server.Statistics.Accepted, Is.EqualTo(20));
    }

    [Test]
    public async Task Abort_ends_the_stream_behind_what_was_sent()
    {
        // Unix sockets have no reset, and what was sent is in the client's hands.
        var journal = new Journal();
        GainServer server = Start(new AbortingProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);
        await EchoAsync(client);
        await Clients.SendAllAsync(client, "abort"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        Assert.That((await journal.AwaitAsync(1))[0], Is.EqualTo("close Aborted"));
    }

    [Test]
    public async Task Client_that_closes_with_unread_answers_is_noticed()
    {
        var journal = new Journal();
        GainServer server = Start(new JournalingEcho(journal), new GainOptions { WorkerCount = 1 });
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        await journal.AwaitAsync(entry => entry == "write 5", 1);
        client.Dispose();
        string[] entries = await journal.AwaitAsync(
            entry => entry.StartsWith("close", StringComparison.Ordinal), 1);
        Assert.That(entries[^1], Is.EqualTo("close Reset"));
        Assert.That(server.Statistics.SocketErrors, Is.Zero);
    }

    [Test]
    public async Task Descriptors_that_a_client_passes_along_are_closed_and_the_bytes_arrive()
    {
        GainServer server = Start(new EchoProtocol(), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        for (int i = 0; i < 20; i++)
        {
            (int ours, int passed) = Descriptors.UnixPair();
            SendWithDescriptor((int)client.Handle, "hello"u8, passed);
            Libc.Close(passed);
            Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));

            // The end comes when nobody has what was passed, and not before.
            Assert.That(ReceiveOne(ours), Is.Zero);
            Libc.Close(ours);
        }
    }

    [Test]
    public async Task Second_server_is_refused_and_can_start_when_the_first_has_stopped()
    {
        GainServer first = Start(new EchoProtocol());
        var refused = Assert.Throws<GainException>(() => Start(new EchoProtocol()));
        Assert.That(refused.ErrorCode, Is.EqualTo(GainError.AddressInUse));
        using (Socket client = await Clients.ConnectAsync(first))
        {
            await EchoAsync(client);
        }

        await first.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(_sockets.Names(), Is.Empty);
        GainServer second = Start(new EchoProtocol());
        using Socket other = await Clients.ConnectAsync(second);
        await EchoAsync(other);
    }

    [Test]
    public void Failed_start_leaves_no_file()
    {
        Assert.Throws<InvalidOperationException>(() => Start(new FailingStart()));
        Assert.That(_sockets.Names(), Is.Empty);
    }

    [Test]
    public async Task Mode_says_who_may_connect()
    {
        GainServer server = Start(
            new EchoProtocol(),
            new GainOptions
            {
                Accepting = { UnixSocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite },
            });
        Assert.That(
            File.GetUnixFileMode(_sockets.Path()),
            Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        using Socket client = await Clients.ConnectAsync(server);
        await EchoAsync(client);
    }

    [Test]
    public void Mode_with_other_bits_is_refused()
    {
        var refused = Assert.Throws<GainException>(() => Start(
            new EchoProtocol(), new GainOptions { Accepting = { UnixSocketMode = UnixFileMode.SetUser } }));
        Assert.That(refused.Message, Does.Contain("UnixSocketMode is SetUser"));
    }

    private static async Task EchoAsync(Socket client)
    {
        await Clients.SendAllAsync(client, "hello"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    private static unsafe void SendWithDescriptor(int socket, ReadOnlySpan<byte> data, int passed)
    {
        // A cmsghdr: its length, SOL_SOCKET, SCM_RIGHTS, and the descriptor.
        byte* control = stackalloc byte[24];
        *(ulong*)control = 20;
        *(int*)(control + 8) = SocketAbi.SOL_SOCKET;
        *(int*)(control + 12) = 1;
        *(int*)(control + 16) = passed;
        fixed (byte* bytes = data)
        {
            var piece = new iovec { iov_base = bytes, iov_len = (nuint)data.Length };
            var message = new msghdr
            {
                msg_iov = &piece, msg_iovlen = 1, msg_control = control, msg_controllen = 24,
            };
            Assert.That(Libc.SendMsg(socket, &message, 0), Is.EqualTo((nint)data.Length));
        }
    }

    private static uint EffectiveUser() => uint.Parse(
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Uid:", StringComparison.Ordinal))
            .Split('\t')[2],
        System.Globalization.CultureInfo.InvariantCulture);

    private static unsafe int ReceiveOne(int socket)
    {
        byte one;
        return (int)Libc.Recv(socket, &one, 1, 0);
    }
}

/// <summary>Says which worker it is, and closes.</summary>
[GainProtocol]
internal partial struct WorkerNamingProtocol
{
    private static void OnAccept(Connection connection)
    {
        connection.Send([(byte)connection.WorkerIndex]);
        connection.Close();
    }
}

/// <summary>Notes who came.</summary>
[GainProtocol]
internal partial struct CredentialsProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        PeerCredentials? peer = connection.PeerCredentials;
        journal.Add(
            $"pid {peer?.ProcessId} uid {peer?.UserId} remote '{connection.RemoteEndPoint}' "
            + $"local '{connection.LocalEndPoint}' {connection.RemoteAddress}");
    }
}

/// <summary>Echoes, and aborts when it is asked to.</summary>
[GainProtocol]
internal partial struct AbortingProtocol(Journal journal)
{
    private static void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Send(data);
        if (data.SequenceEqual("abort"u8))
        {
            connection.Abort();
        }
    }

    private readonly void OnClose(CloseReason reason) => journal.Add($"close {reason}");
}

/// <summary>Does not want to start.</summary>
[GainProtocol]
internal partial struct FailingStart
{
    private static void OnStart() => throw new InvalidOperationException("as asked");

    private static void OnRead(Connection connection, ReadOnlySpan<byte> data) => connection.Send(data);
}
