using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>What a connection's own worker posts to it, or to another one of its connections.</summary>
public class PostingFromCallbackTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task What_a_callback_sends_is_in_order_and_what_it_posts_comes_after_it()
    {
        GainServer server = Start(new SelfPostingProtocol());
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());

        string answer = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));
        Assert.That(answer, Is.EqualTo("bytes written message 1 message 2 "));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Own_full_mailbox_refuses_instead_of_waiting_for_itself()
    {
        var journal = new Journal();
        var options = new GainOptions
        {
            WorkerCount = 1,
            Limits =
            {
                MailboxCapacity = 16,
                OutboundHighWatermarkBytes = 20,
                OutboundLowWatermarkBytes = 1,
                MaxOutboundBytes = 20,
            },
        };
        GainServer server = Start(new FillingProtocol(journal), options);
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "x"u8.ToArray());

        Assert.That(await Clients.ReceiveExactlyAsync(client, 20), Is.EqualTo(new byte[20]));
        Assert.That(journal.Entries, Is.EqualTo(new[] { "16, then 4 and not 5" }));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task Message_that_posts_itself_again_and_again_keeps_nobody_out()
    {
        var journal = new Journal();
        GainServer server = Start(new EndlessProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket restless = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(restless, "go"u8.ToArray());
        await journal.AwaitAsync(static entry => entry == "again", 1_000);
        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(other, "?"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(other, 1), Is.EqualTo("!"u8.ToArray()));

        await Clients.SendAllAsync(restless, "stop"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(restless), Is.Empty);
    }
}

/// <summary>Posts to itself all that can be posted, and writes after that.</summary>
[GainProtocol]
internal partial struct SelfPostingProtocol
{
    private static void OnRead(Connection connection)
    {
        ConnectionHandle self = connection.Handle;
        Assert.That(self.TrySend("bytes "u8));
        Assert.That(self.TryPost(1));
        Assert.That(self.TryPost(2));
        Assert.That(self.TryClose());
        connection.Send("written "u8);
    }

    private static void OnMessage(Connection connection, int number) =>
        connection.Send(number == 1 ? "message 1 "u8 : "message 2 "u8);
}

/// <summary>Posts to itself until it is refused, and then sends: there is room for 20 bytes.</summary>
[GainProtocol]
internal partial struct FillingProtocol(Journal journal)
{
    private readonly void OnRead(Connection connection)
    {
        ConnectionHandle self = connection.Handle;
        connection.Send(new byte[16]);
        int posted = 0;
        while (self.TryResumeReading())
        {
            posted++;
        }

        // What was posted comes first, so that this would have to be posted as well.
        bool isSent = self.TrySend(new byte[5], out PostFailure failure);
        connection.Send(new byte[4]);
        journal.Add($"{posted}, then 4 and {(isSent || failure != PostFailure.MailboxFull ? "5" : "not 5")}");
    }
}

/// <summary>After "go", posts each message again when it comes, until "stop"; answers a question.</summary>
[GainProtocol]
internal partial struct EndlessProtocol(Journal journal)
{
    private int _again;
    private bool _stopped;

    private void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("?"u8))
        {
            connection.Send("!"u8);
            return;
        }

        if (data.SequenceEqual("go"u8))
        {
            Assert.That(connection.Handle.TryPost(0));
            return;
        }

        _stopped = true;
        connection.Close();
    }

    private void OnMessage(Connection connection, int number)
    {
        if (_again < 1_000)
        {
            _again++;
            journal.Add("again");
        }

        Assert.That(_stopped || connection.Handle.TryPost(number + 1));
    }
}
