using System.Buffers.Binary;
using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Tests.Server.SocketOptions;

public class ConnectionSocketTests(GainRing ring) : ServerTest(ring)
{
    [Test]
    public async Task Sockets_are_adjusted_in_every_callback()
    {
        var journal = new Journal();
        GainServer server = Start(new AdjustingProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);

        await Clients.SendAllAsync(client, "x"u8.ToArray());

        string[] said = await journal.AwaitAsync(3);
        Assert.That(
            said,
            Is.EqualTo(new[]
            {
                "accept receive 8192 send 16384 reset True keep-alive True 00:00:11 00:00:05 3 delay",
                "read receive 16384 send 32768 reset False keep-alive True 00:00:12 00:00:06 4",
                "write receive 32768 send 65536 reset True keep-alive False 00:00:12 00:00:06 4 delay",
            }));
    }

    [Test]
    public async Task Further_options_are_set_and_read()
    {
        var journal = new Journal();
        GainServer server = Start(new FurtherProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);

        string[] said = await journal.AwaitAsync(6);

        Assert.That(said[0], Is.EqualTo("user 00:00:02.5000000"));
        Assert.That(said[1], Is.EqualTo("quick False"));
        Assert.That(said[2], Does.Match("^cpu [0-9]+$"));
        Assert.That(said[3], Is.EqualTo("any True 0 1 4"), "SO_KEEPALIVE as bytes");
        Assert.That(said[4], Is.EqualTo($"unknown False {Errno.ENOPROTOOPT} {Errno.ENOPROTOOPT}"));
        Assert.That(said[5], Is.EqualTo("probed False True 00:00:07"), "with the times as they were");
    }

    [Test]
    public async Task Refused_option_closes_the_connection_and_says_why()
    {
        var journal = new Journal();
        GainServer server = GainServer.Start(
            new MisusingProtocol(journal),
            UnixNames.New(),
            new GainOptions { Ring = Ring, Logger = new RecordingLogger() });
        await using (server)
        {
            using Socket client = await Clients.ConnectAsync(server);

            string[] said = await journal.AwaitAsync(5);

            Assert.That(
                said[0],
                Does.Contain("Cannot set TCP_NODELAY to 1 on").And.Contain("Unix sockets have no TCP"));
            Assert.That(said[1], Does.Contain("Cannot set SO_RCVBUF to 0").And.Contain("at least 1 byte"));
            Assert.That(said[2], Does.Contain("Cannot set SO_KEEPALIVE to 00:00:00.5000000"));
            Assert.That(said[3], Does.Contain("Cannot set TCP_USER_TIMEOUT to -00:00:01"));
            Assert.That(said[4], Is.EqualTo("close HandlerFault"));
        }
    }

    [Test]
    public async Task Reading_and_setting_allocates_nothing()
    {
        var journal = new Journal();
        GainServer server = Start(new MeasuringProtocol(journal));
        using Socket client = await Clients.ConnectAsync(server);

        await Clients.SendAllAsync(client, "x"u8.ToArray());

        Assert.That((await journal.AwaitAsync(1))[0], Is.EqualTo("0 bytes"));
    }
}

/// <summary>Sets five options in each callback, and says what they are then.</summary>
[GainProtocol]
internal partial struct AdjustingProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        connection.Socket.SetReceiveBufferBytes(4_096);
        connection.Socket.SetSendBufferBytes(8_192);
        connection.Socket.SetResetOnClose(true);
        connection.Socket.SetKeepAlive(TimeSpan.FromSeconds(11), TimeSpan.FromSeconds(5), 3);
        connection.Socket.SetNoDelay(false);
        Report("accept", connection.Socket);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        connection.Socket.SetReceiveBufferBytes(8_192);
        connection.Socket.SetSendBufferBytes(16_384);
        connection.Socket.SetResetOnClose(false);
        connection.Socket.SetKeepAlive(TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(6), 4);
        connection.Socket.SetNoDelay(true);
        Report("read", connection.Socket);
        connection.Send(data);
    }

    private readonly void OnWrite(Connection connection)
    {
        connection.Socket.SetReceiveBufferBytes(16_384);
        connection.Socket.SetSendBufferBytes(32_768);
        connection.Socket.SetResetOnClose(true);
        connection.Socket.SetKeepAlive(false);
        connection.Socket.SetNoDelay(false);
        Report("write", connection.Socket);
    }

    private readonly void Report(string callback, ConnectionSocket socket) => journal.Add(
        $"{callback} receive {socket.ReceiveBufferBytes} send {socket.SendBufferBytes} "
        + $"reset {socket.ResetOnClose} keep-alive {socket.KeepAlive} {socket.KeepAliveIdle} "
        + $"{socket.KeepAliveInterval} {socket.KeepAliveCount}{(socket.NoDelay ? "" : " delay")}");
}

/// <summary>Uses what is beyond the usual options.</summary>
[GainProtocol]
internal partial struct FurtherProtocol(Journal journal)
{
    private const int NoSuchOption = 9_999;

    private readonly void OnAccept(Connection connection)
    {
        ConnectionSocket socket = connection.Socket;
        socket.SetUserTimeout(TimeSpan.FromMilliseconds(2_499.5));
        journal.Add($"user {socket.UserTimeout}");
        socket.SetQuickAck(false);
        journal.Add($"quick {socket.QuickAck}");
        journal.Add($"cpu {socket.IncomingCpu}");

        Span<byte> one = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(one, 1);
        bool isDone = socket.TrySet(SocketAbi.SOL_SOCKET, SocketAbi.SO_KEEPALIVE, one, out int failure);
        one.Clear();
        isDone &= socket.TryGet(
            SocketAbi.SOL_SOCKET, SocketAbi.SO_KEEPALIVE, one, out int written, out int second);
        journal.Add($"any {isDone} {failure | second} {one[0]} {written}");

        isDone = socket.TryGet(SocketAbi.SOL_SOCKET, NoSuchOption, out _, out int unread)
            | socket.TrySet(SocketAbi.SOL_SOCKET, NoSuchOption, 1, out int unset);
        journal.Add($"unknown {isDone} {unread} {unset}");

        socket.SetKeepAlive(TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7), 7);
        socket.SetKeepAlive(false);
        bool wasProbed = socket.KeepAlive;
        socket.SetKeepAlive(true);
        journal.Add($"probed {wasProbed} {socket.KeepAlive} {socket.KeepAliveIdle}");
    }
}

/// <summary>Sets what cannot be set, and lets the last refusal out.</summary>
[GainProtocol]
internal partial struct MisusingProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        try
        {
            connection.Socket.SetNoDelay(true);
        }
        catch (GainException refused)
        {
            journal.Add(refused.Message);
        }

        try
        {
            connection.Socket.SetReceiveBufferBytes(0);
        }
        catch (GainException refused)
        {
            journal.Add(refused.Message);
        }

        try
        {
            connection.Socket.SetKeepAlive(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1), 1);
        }
        catch (GainException refused)
        {
            journal.Add(refused.Message);
        }

        connection.Socket.SetUserTimeout(TimeSpan.FromSeconds(-1));
    }

    private readonly void OnClose(Connection connection, CloseReason reason)
    {
        journal.Add(connection.Fault?.Message ?? "no fault");
        journal.Add($"close {reason}");
    }
}

/// <summary>Counts what its own use of options allocates.</summary>
[GainProtocol]
internal partial struct MeasuringProtocol(Journal journal)
{
    private readonly void OnRead(Connection connection)
    {
        // The least of five rounds: what the compiler allocates on this thread is not the engine's.
        long allocated = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Use(connection.Socket);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        journal.Add($"{allocated} bytes");
    }

    private static void Use(ConnectionSocket socket)
    {
        socket.SetNoDelay(socket.NoDelay);
        socket.SetKeepAlive(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 1);
        socket.SetKeepAlive(!socket.KeepAlive);
        socket.SetReceiveBufferBytes(8_192 + socket.IncomingCpu);
        socket.SetResetOnClose(socket.ResetOnClose);
        socket.SetUserTimeout(socket.UserTimeout);
    }
}
