using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server.Dialling;

/// <summary>One side of a connection ends, and the other goes on, over real sockets.</summary>
public class HalfCloseTests(GainRing ring) : ServerTest(ring)
{
    private static readonly byte[] s_answer = Clients.Pattern(300_000, 7);

    [Test]
    public async Task What_was_written_goes_out_then_FIN_and_reading_goes_on()
    {
        var journal = new Journal();
        GainServer server = Start(new Halving(journal, s_answer, null));
        using Socket client = await Clients.ConnectAsync(server);
        await client.SendAsync("end"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo(s_answer));
        await client.SendAsync("more"u8.ToArray());
        await journal.AwaitAsync(3);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(
            await journal.AwaitAsync(5),
            Is.EqualTo(new[]
            {
                "writes False", "refused True", "read more", "read closed", "close PeerClosed",
            }));
    }

    [Test]
    public async Task Ending_the_second_side_closes_the_connection()
    {
        var journal = new Journal();
        GainServer server = Start(new Halving(journal, s_answer, null));
        using Socket client = await Clients.ConnectAsync(server);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await journal.AwaitAsync(2), Is.EqualTo(new[] { "read closed", "close Local" }));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
    }

    [Test]
    public async Task Answer_that_is_due_is_waited_for()
    {
        var held = new TaskCompletionSource<ConnectionHold>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        GainServer server = Start(new Halving(new Journal(), s_answer, held));
        using Socket client = await Clients.ConnectAsync(server);
        await client.SendAsync("end"u8.ToArray());
        Assert.That(
            await Clients.ReceiveExactlyAsync(client, s_answer.Length), Is.EqualTo(s_answer));
        ConnectionHold hold = await held.Task.WaitAsync(Clients.Patience);
        Assert.That(hold.TryAnswer("late"u8));
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public async Task Peer_that_never_ends_its_side_is_closed_at_its_deadline()
    {
        var journal = new Journal();
        var options = new GainOptions { Timeouts = { HalfClose = TimeSpan.FromMilliseconds(50) } };
        GainServer server = Start(new Halving(journal, s_answer, null), options);
        using Socket client = await Clients.ConnectAsync(server);
        await client.SendAsync("end"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo(s_answer));
        Assert.That(
            await journal.AwaitAsync(3),
            Is.EqualTo(new[] { "writes False", "refused True", "close HalfCloseTimeout" }));
    }

    [Test]
    public async Task Without_a_deadline_it_stays_until_the_stop()
    {
        var journal = new Journal();
        var options = new GainOptions { Timeouts = { HalfClose = Timeout.InfiniteTimeSpan } };
        GainServer server = Start(new Halving(journal, s_answer, null), options);
        using Socket client = await Clients.ConnectAsync(server);
        await client.SendAsync("end"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo(s_answer));
        Task stopped = server.StopAsync();
        Assert.That(
            await journal.AwaitAsync(3),
            Is.EqualTo(new[] { "writes False", "refused True", "close ServerStopped" }));
        client.Dispose();
        await stopped.WaitAsync(Clients.Patience);
    }

    [Test]
    public async Task Dialled_connection_ends_its_side_before_it_is_up()
    {
        var journal = new Journal();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(4);
        DialTarget target = DialTarget.FromIPEndPoint((IPEndPoint)listener.LocalEndPoint!);
        GainServer server = Start(
            GainServer.Listen(new AskerOnce(journal, target), Address).Dial(new Upstream(journal)),
            new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        using Socket upstream = await listener.AcceptAsync().WaitAsync(Clients.Patience);
        Assert.That(await Clients.ReceiveToEndAsync(upstream), Is.EqualTo("ask"u8.ToArray()));
        await upstream.SendAsync("told"u8.ToArray());
        upstream.Shutdown(SocketShutdown.Send);
        Assert.That(
            await journal.AwaitAsync(3),
            Is.EqualTo(new[] { "connect 0", "read told", "close PeerClosed" }));
    }
}
