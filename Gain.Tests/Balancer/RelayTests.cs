using System.Net.Sockets;
using System.Text;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>What goes through examples/Proxy, and where to.</summary>
public sealed class RelayTests(string ring) : ProxyTest(ring)
{
    private const int Mebibyte = 1 << 20;

    [Test]
    public async Task A_mebibyte_each_way_and_the_ends_of_both_sides_pass()
    {
        await using TestBackend backend = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([backend.Address]));
        byte[] request = Clients.Pattern(Mebibyte, 1);
        byte[] answer = Clients.Pattern(Mebibyte, 2);

        using Socket client = await proxy.ConnectAsync();
        Task<byte[]> exchange = ExchangeAsync(client, request);
        Socket server = await backend.AcceptedAsync();
        Assert.That(await Clients.ReceiveToEndAsync(server), Is.EqualTo(request));

        // The client has ended its side long ago.
        await Clients.SendAllAsync(server, answer);
        server.Shutdown(SocketShutdown.Send);
        Assert.That(await exchange, Is.EqualTo(answer));
        await proxy.StopAsync();
    }

    [Test]
    public async Task A_backend_at_a_Unix_socket_gets_its_clients_and_both_ends_pass([Values] bool isAbstract)
    {
        string folder = Directory.CreateTempSubdirectory("gain-backend-").FullName;
        string path = isAbstract ? $"@gain-backend-{Guid.NewGuid():N}" : $"{folder}/backend.sock";
        await using TestBackend backend = TestBackend.StartAt(path, SendBackAsync);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([$"unix://{path}"]));
        byte[] sent = Clients.Pattern(Mebibyte, 5);
        for (int i = 0; i < 3; i++)
        {
            using Socket client = await proxy.ConnectAsync();
            Assert.That(await ExchangeAsync(client, sent), Is.EqualTo(sent));
        }

        string status = await proxy.AwaitStatusAsync(Figure("active", $"unix://{path}", 0));
        Assert.That(status, Does.Contain(Figure("connections", $"unix://{path}", 3))
            .And.Contain(Figure("failed", $"unix://{path}", 0)));
        await proxy.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    // The JIT compiler allocates some kilobytes at moments of its own; one object a relay would be 120 kB.
    [Test]
    public async Task Five_thousand_relays_allocate_nothing_on_workers()
    {
        await using TestBackend backend = TestBackend.StartNamed("n");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([backend.Address]));
        for (int i = 0; i < 5_000; i++)
        {
            using Socket client = await proxy.ConnectAsync();
            Assert.That(await ReadTextAsync(client, 1), Is.EqualTo("n"));

            // A reset leaves no port behind that would have to wait.
            client.LingerState = new LingerOption(true, 0);
        }

        string last = await proxy.StopAsync();
        Assert.That(last, Does.Contain(" 5000 clients"));
        Assert.That(AllocatedBytes(last), Is.LessThan(100_000), last);
    }

    private static long AllocatedBytes(string line)
    {
        string[] words = line.Split(' ');
        return long.Parse(words[Array.IndexOf(words, "allocated") - 2], null);
    }

    [Test]
    public async Task A_reset_of_the_backend_is_a_reset_for_the_client()
    {
        await using TestBackend backend = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([backend.Address]));
        using Socket client = await proxy.ConnectAsync();
        Clients.Reset(await backend.AcceptedAsync());
        SocketException? cut = Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(client));
        Assert.That(cut!.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
    }

    [Test]
    public async Task A_backend_that_refuses_is_passed_over_and_the_client_loses_nothing()
    {
        await using TestBackend backend = TestBackend.Start(SendBackAsync);
        string closed = $"tcp://127.0.0.1:{TestBackend.ClosedPort()}";
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([closed, backend.Address]));
        byte[] sent = Clients.Pattern(Mebibyte, 3);
        for (int i = 0; i < 8; i++)
        {
            using Socket client = await proxy.ConnectAsync();
            Assert.That(await ExchangeAsync(client, sent), Is.EqualTo(sent));
        }

        string status = await proxy.AwaitStatusAsync(Figure("connections", backend.Address, 8));
        Assert.That(status, Does.Match($"gain_proxy_backend_failed.*{closed}\"}} [1-8]\n"));
        await proxy.StopAsync();
    }

    [Test]
    public async Task When_every_backend_refuses_the_client_is_reset_and_counted()
    {
        string[] closed = [$"tcp://127.0.0.1:{TestBackend.ClosedPort()}", $"unix://@{Guid.NewGuid():N}"];
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File(closed));
        Assert.ThrowsAsync<SocketException>(() => ReceiveFromAsync(proxy));
        string status = await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"main\"} 1");
        Assert.That(status, Does.Contain(Figure("failed", closed[0], 1))
            .And.Contain(Figure("failed", closed[1], 1))
            .And.Contain(Figure("active", closed[0], 0)));
        await proxy.StopAsync();
    }

    [Test]
    public async Task No_more_backends_are_tried_than_the_file_says()
    {
        string[] closed = [.. Enumerable.Range(0, 4).Select(_ => $"unix://@{Guid.NewGuid():N}")];
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File(closed, "\"tries\": 2"));
        Assert.ThrowsAsync<SocketException>(() => ReceiveFromAsync(proxy));
        string status = await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"main\"} 1");
        Assert.That(
            status.Split('\n').Count(line => line.Contains("_failed") && line.EndsWith(" 1")), Is.EqualTo(2));
    }

    [Test]
    public async Task The_backend_with_the_fewest_connections_gets_the_next_whatever_the_worker()
    {
        await using TestBackend one = TestBackend.StartNamed("1");
        await using TestBackend other = TestBackend.StartNamed("2");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([one.Address, other.Address]));
        var clients = new List<Socket>();
        var names = new List<string>();
        for (int i = 0; i < 20; i++)
        {
            clients.Add(await proxy.ConnectAsync());
            names.Add(await ReadTextAsync(clients[i], 1));
        }

        Assert.That(names.Count(name => name == "1"), Is.EqualTo(10));

        // Six of one end: the next six are its.
        for (int i = 0, ended = 0; ended < 6; i++)
        {
            if (names[i] == "1")
            {
                clients[i].Dispose();
                ended++;
            }
        }

        await proxy.AwaitStatusAsync(Figure("active", one.Address, 4));
        for (int i = 0; i < 6; i++)
        {
            clients.Add(await proxy.ConnectAsync());
            Assert.That(await ReadTextAsync(clients[^1], 1), Is.EqualTo("1"));
        }

        clients.ForEach(client => client.Dispose());
    }

    [Test]
    public async Task A_name_is_looked_up_and_curl_gets_its_page()
    {
        await using TestBackend backend = TestBackend.Start(async socket =>
        {
            await socket.ReceiveAsync(new byte[4_096]);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray());
        });

        // It may have an IPv6 address as well, where nobody listens: the other one is tried.
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([$"tcp://localhost:{backend.EndPoint.Port}"]));
        string page = await Tool.RunAsync("curl", $"-q -sS --noproxy * http://{proxy.Endpoint}/");
        Assert.That(page, Is.EqualTo("hello"));
        await proxy.AwaitStatusAsync(Figure("connections", backend.Address, 1));
    }

    [Test]
    public async Task A_stop_lets_a_relay_go_on_to_its_end_and_takes_no_new_client()
    {
        await using TestBackend backend = TestBackend.Start(SendBackAsync);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([backend.Address]));
        using Socket client = await proxy.ConnectAsync();
        await Clients.SendAllAsync(client, "before"u8.ToArray());
        Assert.That(await ReadTextAsync(client, 6), Is.EqualTo("before"));

        Task stop = proxy.StopAsync();
        await AwaitRefusedAsync(proxy);
        Assert.That(stop.IsCompleted, Is.False);
        byte[] sent = Clients.Pattern(Mebibyte, 4);
        Assert.That(await ExchangeAsync(client, sent), Is.EqualTo(sent));
        await stop;
    }

    [Test]
    public async Task A_stop_resets_a_relay_that_does_not_end_in_its_time()
    {
        await using TestBackend backend = TestBackend.Start(SendBackAsync);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([backend.Address], more: "\"timeouts\": { \"drain\": \"200ms\" },"));
        using Socket client = await proxy.ConnectAsync();
        await Clients.SendAllAsync(client, "before"u8.ToArray());
        Assert.That(await ReadTextAsync(client, 6), Is.EqualTo("before"));
        await proxy.StopAsync();
        Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(client));
    }

    // The reset may come before the connect has returned.
    private static async Task ReceiveFromAsync(ProxyProgram proxy)
    {
        using Socket client = await proxy.ConnectAsync();
        await Clients.ReceiveToEndAsync(client);
    }

    private static async Task AwaitRefusedAsync(ProxyProgram proxy)
    {
        while (true)
        {
            try
            {
                using Socket late = await proxy.ConnectAsync();
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    private static async Task SendBackAsync(Socket socket)
    {
        byte[] buffer = new byte[64 << 10];
        while (await socket.ReceiveAsync(buffer) is > 0 and int count)
        {
            await Clients.SendAllAsync(socket, buffer.AsMemory(0, count));
        }

        socket.Shutdown(SocketShutdown.Send);
    }
}
