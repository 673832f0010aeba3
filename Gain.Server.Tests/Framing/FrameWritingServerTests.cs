using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Server;

/// <summary>Frames that a server writes without knowing their length, over a socket.</summary>
public sealed class FrameWritingServerTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task A_frame_written_in_pieces_arrives_whole()
    {
        GainServer server = Start(new FrameWritingProtocol(new Journal()));
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "a\nbb\n"u8.ToArray());

        Assert.That(
            await Clients.ReceiveExactlyAsync(client, 19),
            Is.EqualTo("answer a\nanswer bb\n"u8.ToArray()));
    }

    [TestCase("OnFrame")]
    [TestCase("OnAccept")]
    [TestCase("OnReadClosed")]
    [TestCase("OnWrite")]
    [TestCase("OnProtocolError")]
    public async Task A_callback_that_leaves_a_frame_open_closes_its_connection_and_sends_nothing_of_it(
        string callback)
    {
        var journal = new Journal();
        GainServer server = Start(
            new FrameWritingProtocol(journal, callback), new GainOptions { WorkerCount = 1 });
        if (callback == "OnAccept")
        {
            await ConnectAndAwaitEndAsync(server);
            string[] ends = await journal.AwaitAsync(1);
            Assert.That(ends[0], Does.StartWith("close HandlerFault A callback returned with a frame open"));
            return;
        }

        using Socket client = await Clients.ConnectAsync(server);
        using Socket other = await Clients.ConnectAsync(server);

        // The frame that would come next is not delivered: it could not tell whose frame it continues.
        string request = callback == "OnProtocolError" ? new string('x', 200) : "open\nnext\n";
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(request));
        if (callback == "OnReadClosed")
        {
            client.Shutdown(SocketShutdown.Send);
        }

        byte[] received = await ReceiveToEndOrResetAsync(client);

        Assert.That(Encoding.ASCII.GetString(received), Does.Not.Contain("half"));
        string[] entries = await journal.AwaitAsync(1);
        Assert.That(
            entries[0],
            Does.StartWith("close HandlerFault A callback returned with a frame open"));
        if (callback == "OnFrame")
        {
            Assert.That(Encoding.ASCII.GetString(received), Does.Not.Contain("next"));
        }

        if (callback == "OnFrame")
        {
            await Clients.SendAllAsync(other, "b\n"u8.ToArray());
            Assert.That(
                await Clients.ReceiveExactlyAsync(other, 9), Is.EqualTo("answer b\n"u8.ToArray()));
        }
    }

    // The reset may come before the client knows that it is connected.
    private static async Task ConnectAndAwaitEndAsync(GainServer server)
    {
        try
        {
            using Socket client = await Clients.ConnectAsync(server);
            byte[] received = await ReceiveToEndOrResetAsync(client);
            Assert.That(Encoding.ASCII.GetString(received), Does.Not.Contain("half"));
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Nothing was received.
        }
    }

    [Test]
    public async Task A_frame_that_OnClose_begins_harms_nobody()
    {
        var journal = new Journal();
        GainServer server = Start(
            new FrameWritingProtocol(journal, "OnClose"), new GainOptions { WorkerCount = 1 });
        using Socket other = await Clients.ConnectAsync(server);
        for (int i = 1; i <= 2; i++)
        {
            using Socket client = await Clients.ConnectAsync(server);
            client.Shutdown(SocketShutdown.Send);
            Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
            Assert.That((await journal.AwaitAsync(i))[i - 1], Is.EqualTo("close Local "));
        }

        await Clients.SendAllAsync(other, "b\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(other, 9), Is.EqualTo("answer b\n"u8.ToArray()));
        Assert.That(server.Statistics.HandlerFaults, Is.Zero);
    }

    [Test]
    public async Task A_throw_with_a_frame_open_leaves_the_next_callback_free_to_begin_one()
    {
        var journal = new Journal();
        GainServer server = Start(new FrameWritingProtocol(journal), new GainOptions { WorkerCount = 1 });
        using Socket client = await Clients.ConnectAsync(server);
        using Socket other = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, "throw\n"u8.ToArray());
        Assert.That((await journal.AwaitAsync(1))[0], Is.EqualTo("close HandlerFault as asked"));

        await Clients.SendAllAsync(other, "b\n"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(other, 9), Is.EqualTo("answer b\n"u8.ToArray()));
    }

    private static async Task<byte[]> ReceiveToEndOrResetAsync(Socket client)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[1_000];
        try
        {
            for (int got = 1; got > 0;)
            {
                got = await client.ReceiveAsync(buffer).WaitAsync(Clients.Patience);
                all.Write(buffer, 0, got);
            }
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            Assert.That(reset.NativeErrorCode, Is.Positive);
        }

        return all.ToArray();
    }
}

#pragma warning disable GAIN3007 // A frame that is left open is what is tested.
/// <summary>Answers each line with a frame, and leaves one open in the callback that it is told.</summary>
[GainProtocol]
[Delimited("\n", MaxFrameLength = 100)]
internal partial struct FrameWritingProtocol(Journal journal, string leavesOpen = "")
{
    private readonly void OnAccept(Connection connection) => Leave(connection, "OnAccept");

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        if (line.SequenceEqual("open"u8))
        {
            Leave(connection, "OnFrame");
            if (leavesOpen == "OnFrame")
            {
                return;
            }
        }

        BeginFrame(connection);
        connection.Send("answer "u8);
        if (line.SequenceEqual("throw"u8))
        {
            throw new InvalidOperationException("as asked");
        }

        connection.Send(line);
        EndFrame(connection);
    }

    private readonly void OnWrite(Connection connection) => Leave(connection, "OnWrite");

    private readonly void OnReadClosed(Connection connection)
    {
        Leave(connection, "OnReadClosed");
        connection.Close();
    }

    private readonly void OnProtocolError(Connection connection) => Leave(connection, "OnProtocolError");

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        journal.Add($"close {reason} {connection.Fault?.Message}");
        Leave(connection, "OnClose");
    }

    private readonly void Leave(Connection connection, string callback)
    {
        if (callback == leavesOpen)
        {
            BeginFrame(connection);
            connection.Send("half"u8);
        }
    }
}
