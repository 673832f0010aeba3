using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>Listeners that a file adds and removes, and nobody is cut off.</summary>
public sealed class ListenerTests(string ring) : ProxyTest(ring)
{
    private const string AnyPort = "tcp://127.0.0.1:0";
    private const string Trusted = "\"proxyProtocol\": { \"trusted\": [\"127.0.0.1\", \"192.0.2.0/24\"] }";
    private const string SameTrusted =
        "\"proxyProtocol\": { \"trusted\": [\"192.0.2.0/24\", \"127.0.0.1\"] }";

    private TestBackend _one = null!;
    private TestBackend _two = null!;
    private string _folder = "";

    [SetUp]
    public void StartBackends()
    {
        _one = TestBackend.StartNamed("1");
        _two = TestBackend.StartNamed("2");
        _folder = Directory.CreateTempSubdirectory("gain-proxy-listeners").FullName;
    }

    [TearDown]
    public async Task StopBackendsAsync()
    {
        await _one.DisposeAsync();
        await _two.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task An_added_listener_leads_to_its_pool_and_later_files_lead_it_elsewhere()
    {
        string first = Listener(AnyPort, "one");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([first]));
        await proxy.ReplaceAsync(File([Listener(AnyPort, "two"), first]), "is in effect");

        // Port 0 is the same as port 0: the one that was there is the first, and another is added.
        string added = proxy.Added().Single();
        Assert.That(await NameAtAsync(proxy.Places[0]), Is.EqualTo("2"));
        Assert.That(await NameAtAsync(added), Is.EqualTo("1"));

        await proxy.ReplaceAsync(
            File([Listener(AnyPort, "one"), Listener(AnyPort, "two")]), "is in effect");
        Assert.That(await NameAtAsync(proxy.Places[0]), Is.EqualTo("1"));
        Assert.That(await NameAtAsync(added), Is.EqualTo("2"));

        const string Names = "\"names\": { \"one.example.org\": \"one\" }";
        await proxy.ReplaceAsync(
            File([Listener(AnyPort, "one"), Listener(AnyPort, "two", Names)]), "is in effect");
        using Socket named = await ConnectAsync(added);
        await Clients.SendAllAsync(named, ClientHellos.Asking("one.example.org"));
        Assert.That(await ReadTextAsync(named, 1), Is.EqualTo("1"));
        using Socket other = await ConnectAsync(added);
        await Clients.SendAllAsync(other, ClientHellos.Asking("two.example.org"));
        Assert.That(await ReadTextAsync(other, 1), Is.EqualTo("2"));
        Assert.That(await NameAtAsync(proxy.Places[0]), Is.EqualTo("1"));
        Assert.That(proxy.Added(), Is.EqualTo([added]), "nothing else was opened");
        Assert.That(proxy.Errors, Does.Not.Contain("no longer"), "nor ended");
        named.Dispose();
        other.Dispose();
        await proxy.StopAsync();
    }

    [Test]
    public async Task Another_order_of_the_listeners_changes_nothing_for_anybody()
    {
        string[] listeners =
        [
            Listener($"unix://{_folder}/1", "one"),
            Listener($"unix://{_folder}/2", "two", Trusted),
            Listener(AnyPort, "two"),
        ];
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File(listeners));
        await proxy.ReplaceAsync(File([.. listeners.Reverse()]), "is in effect");
        Assert.That(await NameAtAsync($"unix://{_folder}/1"), Is.EqualTo("1"));
        Assert.That(await NameAtAsync($"unix://{_folder}/2", "PROXY UNKNOWN\r\n"), Is.EqualTo("2"));
        Assert.That(await NameAtAsync(proxy.Places[2]), Is.EqualTo("2"));
        Assert.That(proxy.Errors, Does.Not.Contain("listens on"));
    }

    [Test]
    public async Task A_listener_that_is_removed_refuses_clients_frees_its_port_and_its_relays_go_on(
        [Values] bool isAdded)
    {
        string kept = Listener($"unix://{_folder}/kept", "two");
        string gone = Listener(AnyPort, "one");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File(isAdded ? [kept] : [gone, kept]));
        if (isAdded)
        {
            await proxy.ReplaceAsync(File([kept, gone]), "is in effect");
        }

        string address = isAdded ? proxy.Added().Single() : proxy.Places[0];
        using Socket relay = await ConnectAsync(address);
        Assert.That(await ReadTextAsync(relay, 1), Is.EqualTo("1"));
        await proxy.ReplaceAsync(File([kept]), "is in effect");
        Assert.That(proxy.Errors, Does.Contain($"no longer listens on {address}"));
        Assert.That(
            await RefusalAsync(address), Is.EqualTo(SocketError.ConnectionRefused));

        // Bound without SO_REUSEPORT: nobody has it.
        await using TestBackend other = TestBackend.Start(PortOf(address));
        byte[] sent = Clients.Pattern(1 << 20, 5);
        Assert.That(await ExchangeAsync(relay, sent), Is.EqualTo(sent));
        Assert.That(await NameAtAsync($"unix://{_folder}/kept"), Is.EqualTo("2"));
        await proxy.StopAsync();
    }

    [Test]
    public async Task A_Unix_listener_comes_and_goes_with_its_file_and_curl_reaches_it_between()
    {
        await using TestBackend web = TestBackend.Start(async socket =>
        {
            await socket.ReceiveAsync(new byte[4_096]);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray());
            socket.Shutdown(SocketShutdown.Send);
        });
        string path = $"{_folder}/web.sock";
        string first = Listener(AnyPort, "one");
        string pool = $"\"web\": {{ \"backends\": [\"{web.Address}\"] }}";
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([first]));
        for (int round = 1; round <= 3; round++)
        {
            await proxy.ReplaceAsync(File([first, Listener($"unix://{path}", "web")], pool), "is in effect");
            string page = await Tool.RunAsync(
                "curl", $"-q -sS --noproxy * --unix-socket {path} http://proxy/");
            Assert.That(page, Is.EqualTo("hello"));
            await proxy.AwaitStatusAsync(
                $"gain_proxy_backend_connections{{pool=\"web\",backend=\"{web.Address}\"}} 1");
            await proxy.ReplaceAsync(File([first]), "is in effect");
            Assert.That(path, Does.Not.Exist);
        }

        string status = await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"one\"} 0");
        Assert.That(status, Does.Not.Contain("pool=\"web\""));
        await proxy.StopAsync();
    }

    [Test]
    public async Task An_address_that_is_taken_refuses_the_whole_file_and_takes_away_what_was_added()
    {
        const string Checks = "\"check\": { \"interval\": \"20ms\", \"timeout\": \"5s\", \"fall\": 1 }";
        string closed = $"tcp://127.0.0.1:{TestBackend.ClosedPort()}";
        string first = Listener(AnyPort, "one");
        await using TestBackend rival = TestBackend.Start();
        string watched = $"\"watched\": {{ \"backends\": [\"{closed}\"], {Checks} }}";
        string unwatched = $"\"watched\": {{ \"backends\": [\"{closed}\"] }}";
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([first, Listener($"unix://{_folder}/watched", "watched")], watched));
        await proxy.AwaitErrorAsync($"{closed} is down");
        Assert.ThrowsAsync<SocketException>(() => NameAtAsync($"unix://{_folder}/watched"));
        string before = await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"watched\"} 1");

        string wanted = File(
            [
                Listener(AnyPort, "two"),
                Listener($"unix://{_folder}/added", "two"),
                Listener(rival.Address, "two"),
            ],
            unwatched);
        await proxy.ReplaceAsync(
            wanted, $"stays in effect: listeners[2].address is \"{rival.Address}\": Cannot listen on");
        Assert.That($"{_folder}/added", Does.Not.Exist);
        Assert.That(await NameAtAsync(proxy.Places[0]), Is.EqualTo("1"));
        Assert.ThrowsAsync<SocketException>(() => NameAtAsync($"unix://{_folder}/watched"));
        string after = await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"watched\"} 2");
        Assert.That(
            after, Does.Contain($"gain_proxy_backend_up{{pool=\"watched\",backend=\"{closed}\"}} 0"));

        // With another address it can be used, and what was counted goes on.
        await proxy.ReplaceAsync(
            wanted.Replace(rival.Address, $"unix://{_folder}/other", StringComparison.Ordinal),
            "is in effect");
        await proxy.AwaitStatusAsync("gain_proxy_pool_refused{pool=\"watched\"} 2");
        Assert.That(await NameAtAsync($"unix://{_folder}/added"), Is.EqualTo("2"));
        Assert.That(await NameAtAsync(proxy.Places[0]), Is.EqualTo("2"));
        Assert.That($"{_folder}/watched", Does.Not.Exist);
        await proxy.StopAsync();

        // What a refused file says of checks was not done: the backend had been down all the time.
        Assert.That(proxy.Errors.Split($"{closed} is down"), Has.Length.EqualTo(2), proxy.Errors);
    }

    [Test]
    public async Task An_added_listener_believes_balancers_as_one_of_the_start_and_others_need_a_restart()
    {
        string first = Listener($"unix://{_folder}/first", "one", Trusted);
        string second = Listener(AnyPort, "two", SameTrusted);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([first]));
        await proxy.ReplaceAsync(File([first, second]), "is in effect");
        string added = proxy.Added().Single();
        Assert.That(await NameAtAsync(added, "PROXY TCP4 192.0.2.7 192.0.2.8 7 80\r\n"), Is.EqualTo("2"));
        Assert.ThrowsAsync<SocketException>(() => NameAtAsync(added, "GET / HTTP/1.1\r\n\r\n"));

        await proxy.ReplaceAsync(
            File([first, second, Listener($"unix://{_folder}/plain", "two")]),
            $"listeners[2] (unix://{_folder}/plain) has no proxyProtocol, and every listener of the start");
        string other = Trusted.Replace("192.0.2.0", "198.51.100.0", StringComparison.Ordinal);
        await proxy.ReplaceAsync(
            File([Listener($"unix://{_folder}/other", "two", other), first, second]),
            $"listeners[0].proxyProtocol (unix://{_folder}/other) is that of no listener of the start");
        await proxy.ReplaceAsync(
            File([Listener($"unix://{_folder}/first", "one"), second]),
            $"listeners[0].proxyProtocol changed for unix://{_folder}/first, which needs a restart");
        Assert.That(await NameAtAsync($"unix://{_folder}/first", "PROXY UNKNOWN\r\n"), Is.EqualTo("1"));
        Assert.That(await NameAtAsync(added, "PROXY UNKNOWN\r\n"), Is.EqualTo("2"));
        Assert.That(Sockets(), Is.EqualTo([$"{_folder}/first"]));

        await proxy.ReplaceAsync(File([]), "listeners is empty");
        Assert.That(await NameAtAsync(added, "PROXY UNKNOWN\r\n"), Is.EqualTo("2"));
        await proxy.StopAsync();
    }

    [Test]
    public async Task An_address_that_had_balancers_at_the_start_may_be_had_without_them_later()
    {
        string plain = Listener($"unix://{_folder}/plain", "one");
        string proxied = Listener($"unix://{_folder}/proxied", "two", Trusted);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([plain, proxied]));
        await proxy.ReplaceAsync(File([plain]), "is in effect");
        await proxy.ReplaceAsync(
            File([plain, Listener($"unix://{_folder}/proxied", "two")]), "is in effect");
        Assert.That(await NameAtAsync($"unix://{_folder}/proxied"), Is.EqualTo("2"));

        // And what is like the one of the start still is.
        await proxy.ReplaceAsync(
            File([
                Listener($"unix://{_folder}/again", "one", Trusted),
                Listener($"unix://{_folder}/proxied", "two"),
            ]),
            "is in effect");
        Assert.That(await NameAtAsync($"unix://{_folder}/again", "PROXY UNKNOWN\r\n"), Is.EqualTo("1"));
        Assert.ThrowsAsync<SocketException>(() => NameAtAsync($"unix://{_folder}/again", "GET /"));
    }

    [Test]
    public async Task Clients_that_come_and_go_while_listeners_do_lose_nothing()
    {
        string stays = Listener(AnyPort, "one");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([stays]));
        using var end = new CancellationTokenSource();
        Task<int>[] churn =
            [.. Enumerable.Range(0, 4).Select(seed => ChurnAsync(proxy.Places[0], "1", seed, end.Token))];
        var relays = new List<Socket>();
        for (int i = 0; i < 8; i++)
        {
            // Each takes the place of the one before, which is another address.
            string address = $"unix://{_folder}/{i}";
            string pool = i % 2 == 0 ? "two" : "one";
            await proxy.ReplaceAsync(File([stays, Listener(address, pool)]), "is in effect");
            relays.Add(await ConnectAsync(address));
            Assert.That(await ReadTextAsync(relays[^1], 1), Is.EqualTo(pool == "one" ? "1" : "2"));
            Assert.That(Sockets(), Is.EqualTo([$"{_folder}/{i}"]));
        }

        await end.CancelAsync();
        Assert.That((await Task.WhenAll(churn)).Min(), Is.Positive);
        foreach (Socket relay in relays)
        {
            byte[] sent = Clients.Pattern(100_000, 9);
            Assert.That(await ExchangeAsync(relay, sent), Is.EqualTo(sent));
            relay.Dispose();
        }

        await proxy.StopAsync();
    }

    private string File(string[] listeners, string pool = "\"none\": { \"backends\": [\"unix://@none\"] }") =>
        $$"""
        {
          "workers": 2,
          "ring": "{{Ring}}",
          "status": "tcp://127.0.0.1:0",
          "listeners": [ {{string.Join(", ", listeners)}} ],
          "pools": {
            "one": { "backends": ["{{_one.Address}}"] },
            "two": { "backends": ["{{_two.Address}}"] },
            {{pool}}
          }
        }
        """;

    private static string Listener(string address, string pool, string more = "") =>
        $"{{ \"address\": {JsonSerializer.Serialize(address)}, \"pool\": \"{pool}\", {more} }}";

    // Beside each lies the file of its lock.
    private string[] Sockets() =>
        [.. Directory.GetFiles(_folder).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal))];

    private static int PortOf(string address) => IPEndPoint.Parse(address["tcp://".Length..]).Port;

    private static Task<Socket> ConnectAsync(string address) =>
        address.StartsWith("unix://", StringComparison.Ordinal)
            ? Clients.ConnectAsync(address["unix://".Length..])
            : Clients.ConnectAsync(IPEndPoint.Parse(address["tcp://".Length..]));

    // The backend's name, which it says to each client.
    private static async Task<string> NameAtAsync(string address, string first = "")
    {
        using Socket client = await ConnectAsync(address);
        await Clients.SendAllAsync(client, System.Text.Encoding.ASCII.GetBytes(first));
        byte[] name = new byte[1];
        return await client.ReceiveAsync(name).WaitAsync(Clients.Patience) == 1
            ? $"{(char)name[0]}"
            : throw new SocketException((int)SocketError.ConnectionReset);
    }

    private static async Task<SocketError> RefusalAsync(string address)
    {
        try
        {
            using Socket client = await ConnectAsync(address);
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    private static async Task<int> ChurnAsync(string address, string name, int seed, CancellationToken end)
    {
        byte[] sent = Clients.Pattern(10_000, seed);
        int done = 0;
        for (; !end.IsCancellationRequested; done++)
        {
            using Socket client = await ConnectAsync(address);
            byte[] answer = await ExchangeAsync(client, sent);
            Assert.That(answer[0], Is.EqualTo(name[0]));
            Assert.That(answer[1..], Is.EqualTo(sent));
        }

        return done;
    }
}
