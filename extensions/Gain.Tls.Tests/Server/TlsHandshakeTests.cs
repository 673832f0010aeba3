using System.Net.Security;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>Connections that are not up yet, or never come up: their handler does not know of them.</summary>
[TestFixture(GainRing.Uring, GainArchitecture.Sharding)]
[TestFixture(GainRing.Uring, GainArchitecture.Reactor)]
[TestFixture(GainRing.Epoll, GainArchitecture.Sharding)]
[TestFixture(GainRing.Epoll, GainArchitecture.Reactor)]
public class TlsHandshakeTests(GainRing ring, GainArchitecture architecture)
    : TlsServerTestBase(ring, architecture)
{
    [TestCase("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n", "http request")]
    [TestCase("\u0001\u0002\u0003garbage that is nothing at all", "version")]
    public async Task Garbage_on_the_port_is_refused_with_an_alert(string text, string reason)
    {
        GainServer server = Start(new JournalingEcho(Journal));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, System.Text.Encoding.ASCII.GetBytes(text));
        using var stream = new NetworkStream(client);
        byte[] answer = await ReadToEndAsync(stream);
        Assert.That(answer, Has.Length.EqualTo(7).And.ItemAt(0).EqualTo(21), "an alert");
        client.Close();
        await AwaitFailureAsync(reason);
        Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1));
        Assert.That(Journal.Entries, Is.Empty);
    }

    [Test]
    public async Task A_client_that_says_nothing_is_dropped_in_time()
    {
        TlsServerOptions options = Options();
        options.HandshakeTimeout = TimeSpan.FromMilliseconds(100);
        GainServer server = Start(new JournalingEcho(Journal), options);
        using Socket client = await Clients.ConnectAsync(server);
        await AwaitFailureAsync("took longer than 00:00:00.1");
        Assert.ThrowsAsync<SocketException>(
            () => client.ReceiveAsync(new byte[1]).WaitAsync(Clients.Patience), "a reset");
        Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1));
        Assert.That(Journal.Entries, Is.Empty);
    }

    [Test]
    public async Task A_handshake_in_time_has_no_deadline_after_it()
    {
        TlsServerOptions options = Options();
        options.HandshakeTimeout = TimeSpan.FromMilliseconds(400);
        GainServer server = Start(new JournalingEcho(Journal), options);
        await using SslStream client = await ConnectAsync(server);
        using Socket silent = await Clients.ConnectAsync(server);
        await AwaitFailureAsync("took longer");
        await client.WriteAsync("hello"u8.ToArray());
        Assert.That(await ReadAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_client_that_goes_in_mid_handshake_leaves_nothing(bool resets)
    {
        GainServer server = Start(new JournalingEcho(Journal));
        using (Socket client = await Clients.ConnectAsync(server))
        {
            await Clients.SendAllAsync(client, new byte[] { 22, 3, 1, 2, 0, 1, 0, 1 });
            client.LingerState = new LingerOption(resets, 0);
            if (!resets)
            {
                client.Shutdown(SocketShutdown.Send);
                await AwaitFailureAsync("closed the connection");
            }
        }

        await using SslStream next = await ConnectAsync(server);
        await next.WriteAsync("hello"u8.ToArray());
        Assert.That(await ReadAsync(next, 5), Is.EqualTo("hello"u8.ToArray()));
        Assert.That(Journal.Entries, Has.Length.EqualTo(1));
        await next.DisposeAsync();
        await server.StopAsync().WaitAsync(Clients.Patience);
        Assert.That(server.Statistics.FailedHandshakes, Is.EqualTo(1));
    }

    [Test]
    public async Task A_choice_that_takes_its_time_keeps_no_other_waiting()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var choice = new TaskCompletionSource<TlsCertificate?>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        TlsServerOptions options = Options();
        options.SelectCertificate = hello =>
        {
            bool isFirst = Interlocked.Increment(ref calls) == 1;
            asked.TrySetResult();
            return isFirst
                ? new ValueTask<TlsCertificate?>(choice.Task)
                : new ValueTask<TlsCertificate?>((TlsCertificate?)null);
        };
        GainServer server = Start(new JournalingEcho(Journal), options);
        Task<SslStream> waiting = ConnectAsync(server);
        await asked.Task.WaitAsync(Clients.Patience);
        await using SslStream other = await ConnectAsync(server);
        await other.WriteAsync("hello"u8.ToArray());
        await ReadAsync(other, 5);
        Assert.That(waiting.IsCompleted, Is.False);
        choice.SetResult(Certificates.For(Pair.Host));
        await using SslStream client = await waiting;
        await client.WriteAsync("hello"u8.ToArray());
        Assert.That(await ReadAsync(client, 5), Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public async Task A_stop_does_not_wait_for_a_handshake()
    {
        GainServer server = Start(new JournalingEcho(Journal));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, new byte[] { 22, 3, 1 });
        await using (SslStream up = await ConnectAsync(server))
        {
            // When this one is up, the other was accepted.
        }

        Task stopped = server.StopAsync(TimeSpan.FromSeconds(30));
        using var stream = new NetworkStream(client);
        Assert.That(await ReadToEndAsync(stream), Is.Empty);
        client.Close();
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Test]
    public async Task Handshakes_beyond_those_of_a_turn_come_in_the_next()
    {
        TlsServerOptions options = Options();
        options.MaxHandshakesPerTurn = 1;
        GainServer server = Start(new JournalingEcho(Journal), options);
        SslStream[] clients = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => ConnectAsync(server)));
        foreach (SslStream client in clients)
        {
            await client.WriteAsync("hello"u8.ToArray());
            await ReadAsync(client, 5);
            await client.DisposeAsync();
        }

        Assert.That(server.Statistics.FailedHandshakes, Is.Zero);
    }

    private async Task AwaitFailureAsync(string reason) => await Logger.Messages.AwaitAsync(
        entry => entry.Contains("TLS was not set up", StringComparison.Ordinal)
            && entry.Contains(reason, StringComparison.Ordinal),
        1);
}
