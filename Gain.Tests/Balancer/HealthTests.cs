using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>Backends that die and come back, and files that are put in place of others.</summary>
public sealed class HealthTests(string ring) : ProxyTest(ring)
{
    private const string Check =
        "\"check\": { \"interval\": \"20ms\", \"timeout\": \"5s\", \"rise\": 2, \"fall\": 2 }";

    [Test]
    public async Task A_backend_that_dies_is_left_out_and_one_that_comes_back_is_used_again()
    {
        await using TestBackend one = TestBackend.StartNamed("1");
        TestBackend other = TestBackend.StartNamed("2");
        string address = other.Address;
        int port = other.EndPoint.Port;
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([one.Address, address], Check, "\"timeouts\": { \"drain\": \"10m\" },"));
        await proxy.AwaitStatusAsync(Figure("up", address, 1));

        await other.DisposeAsync();
        await proxy.AwaitErrorAsync($"{address} is down: Refused");
        for (int i = 0; i < 4; i++)
        {
            using Socket client = await proxy.ConnectAsync();
            Assert.That(await ReadTextAsync(client, 1), Is.EqualTo("1"));
        }

        string status = await proxy.AwaitStatusAsync(Figure("up", address, 0));
        Assert.That(status, Does.Contain(Figure("connections", address, 0)));

        await using TestBackend again = TestBackend.Start(port);
        await proxy.AwaitErrorAsync($"{address} is up");

        // Nothing is relayed, and checks do not hold the stop up until its deadline, which the test would not
        // live to see.
        await proxy.StopAsync();
    }

    [Test]
    public async Task A_check_says_that_it_is_one_where_headers_are_sent()
    {
        await using TestBackend backend = TestBackend.Start();
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(
            File([backend.Address], Check + ", \"sendProxy\": \"v2\""));
        Socket check = await backend.AcceptedAsync();
        byte[] header = await Clients.ReceiveToEndAsync(check);
        Assert.That(header[..12], Is.EqualTo("\r\n\r\n\0\r\nQUIT\n"u8.ToArray()));
        Assert.That(header[12], Is.EqualTo(0x20), "version 2, LOCAL");
    }

    [Test]
    public async Task Another_file_moves_new_clients_and_cuts_nobody_off_while_they_come_and_go()
    {
        await using TestBackend one = TestBackend.StartNamed("1");
        await using TestBackend other = TestBackend.StartNamed("2");
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(File([one.Address], Check));
        using Socket old = await proxy.ConnectAsync();
        Assert.That(await ReadTextAsync(old, 1), Is.EqualTo("1"));

        using var end = new CancellationTokenSource();
        Task<int>[] churn = [.. Enumerable.Range(0, 4).Select(seed => ChurnAsync(proxy, seed, end.Token))];
        for (int i = 0; i < 5; i++)
        {
            await proxy.ReplaceAsync(File([other.Address], $"\"tries\": {i + 1}"), "is in effect");
            await proxy.ReplaceAsync(File([one.Address, other.Address], Check), "is in effect");
        }

        await proxy.ReplaceAsync(File([other.Address]), "is in effect");
        await end.CancelAsync();
        Assert.That((await Task.WhenAll(churn)).Min(), Is.Positive);

        using Socket late = await proxy.ConnectAsync();
        Assert.That(await ReadTextAsync(late, 1), Is.EqualTo("2"));
        byte[] sent = Clients.Pattern(1 << 20, 5);
        Assert.That(await ExchangeAsync(old, sent), Is.EqualTo(sent));
        late.Dispose();
        await proxy.StopAsync();
    }

    [Test]
    public async Task A_file_that_cannot_be_used_changes_nothing_and_SIGHUP_reads_it_again()
    {
        await using TestBackend backend = TestBackend.StartNamed("1");
        string file = File([backend.Address]);
        await using ProxyProgram proxy = await ProxyProgram.StartAsync(file);
        await proxy.ReplaceAsync("{ \"pools\": 7 }", "pools");
        await proxy.ReplaceAsync(
            file.Replace("\"workers\": 2", "\"workers\": 1", StringComparison.Ordinal),
            "workers changed, which needs a restart");
        using Socket client = await proxy.ConnectAsync();
        Assert.That(await ReadTextAsync(client, 1), Is.EqualTo("1"));

        await System.IO.File.WriteAllTextAsync(proxy.ConfigurationPath, file);
        proxy.Signal(ProxyProgram.SIGHUP);
        await proxy.AwaitErrorAsync("the one in effect already");
    }

    private static async Task<int> ChurnAsync(ProxyProgram proxy, int seed, CancellationToken end)
    {
        byte[] sent = Clients.Pattern(100_000, seed);
        int done = 0;
        for (; !end.IsCancellationRequested; done++)
        {
            using Socket client = await proxy.ConnectAsync();
            byte[] answer = await ExchangeAsync(client, sent);
            Assert.That(answer[1..], Is.EqualTo(sent));
        }

        return done;
    }
}
