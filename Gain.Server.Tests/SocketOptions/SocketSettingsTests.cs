using System.Net.Sockets;
using Gain.Kernel;

namespace Gain.Tests.Server.SocketOptions;

/// <summary>What the options ask for, read back from connections that were accepted.</summary>
public class SocketSettingsTests(GainRing ring) : ServerTest(ring)
{
    private static readonly TestCaseData[] s_settings =
    [
        Case(s => s.NoDelay = false, "no-delay False"),
        Case(s => s.NoDelay = true, "no-delay True"),
        Case(
            s => (s.KeepAliveIdle, s.KeepAliveInterval, s.KeepAliveCount) =
                (TimeSpan.FromSeconds(33), TimeSpan.FromSeconds(7), 4),
            "keep-alive True 00:00:33 00:00:07 4"),
        Case(s => s.ResetOnClose = true, "reset True"),
        Case(s => s.ReceiveBufferBytes = 20_480, "receive 40960"),
        Case(s => s.SendBufferBytes = 10_240, "send 20480"),
        Case(s => s.UserTimeout = TimeSpan.FromMilliseconds(1_234), "user 00:00:01.2340000"),
        Case(s => s.QuickAck = true, "quick True"),
    ];

    [TestCaseSource(nameof(s_settings))]
    public async Task Setting_holds_for_every_connection(SocketSettings settings, string expected)
    {
        var journal = new Journal();
        GainServer server = Start(new OptionProtocol(journal), new GainOptions { Sockets = settings });

        using Socket first = await Clients.ConnectAsync(server);
        using Socket second = await Clients.ConnectAsync(server);

        foreach (string said in await journal.AwaitAsync(2))
        {
            Assert.That(said.Split(';'), Does.Contain(expected));
        }
    }

    [Test]
    public async Task Nothing_but_no_delay_is_set_when_nothing_is_asked_for()
    {
        var journal = new Journal();
        GainServer server = Start(new OptionProtocol(journal));

        using Socket client = await Clients.ConnectAsync(server);

        string[] said = (await journal.AwaitAsync(1))[0].Split(';');
        Assert.That(said, Does.Contain("no-delay True"));
        Assert.That(said, Does.Contain("reset False"));
        Assert.That(said, Does.Contain("user 00:00:00"));
        Assert.That(said, Has.One.StartsWith("keep-alive False "));
    }

    [Test]
    public async Task Mark_is_that_of_every_connection()
    {
        var journal = new Journal();
        var options = new GainOptions { Sockets = { Mark = 0x8000_0007 } };
        GainServer server;
        try
        {
            server = Start(new OptionProtocol(journal), options);
        }
        catch (GainException refused) when (refused.ErrorCode == GainError.PermissionDenied)
        {
            Assert.That(refused.Message, Does.Contain("SO_MARK").And.Contain("CAP_NET_ADMIN"));
            Assert.Ignore($"This process may not mark packets: {refused.Message}");
            return;
        }

        using Socket client = await Clients.ConnectAsync(server);

        Assert.That((await journal.AwaitAsync(1))[0].Split(';'), Does.Contain("mark 2147483655"));
    }

    [Test]
    public async Task Buffers_of_a_Unix_socket_are_those_of_its_connections()
    {
        var journal = new Journal();
        GainServer server = GainServer.Start(
            new BufferProtocol(journal),
            UnixNames.New(),
            new GainOptions
            {
                Ring = Ring,
                Sockets = { SendBufferBytes = 10_240, ReceiveBufferBytes = 20_480 },
            });
        await using (server)
        {
            using Socket client = await Clients.ConnectAsync(server);

            Assert.That((await journal.AwaitAsync(1))[0], Is.EqualTo("receive 40960;send 20480"));
        }
    }

    [Test]
    public async Task Settings_changed_after_the_start_change_nothing()
    {
        var journal = new Journal();
        var options = new GainOptions();
        GainServer server = Start(new OptionProtocol(journal), options);
        options.Sockets.NoDelay = false;
        options.Sockets.QuickAck = true;

        using Socket client = await Clients.ConnectAsync(server);

        Assert.That((await journal.AwaitAsync(1))[0].Split(';'), Does.Contain("no-delay True"));
    }

    [Test]
    public async Task Buffer_that_the_kernel_does_not_grant_is_warned_of()
    {
        int max = int.Parse(await File.ReadAllTextAsync("/proc/sys/net/core/rmem_max"));
        var logger = new RecordingLogger();
        Start(
            new EchoProtocol(),
            new GainOptions
            {
                Logger = logger,
                Sockets = { ReceiveBufferBytes = max + 1_024, SendBufferBytes = 8_192 },
            });

        string[] warnings = await logger.Messages.AwaitAsync(1);
        Assert.That(warnings, Has.Length.EqualTo(1), "the send buffer is granted");
        Assert.That(
            warnings[0],
            Does.Contain($"grants {max} bytes of SO_RCVBUF instead of {max + 1_024}")
                .And.Contain("net.core.rmem_max"));
    }

    [Test]
    public async Task Connection_is_reset_at_its_close_when_that_is_asked_for()
    {
        GainServer server = Start(
            new ClosingProtocol(),
            new GainOptions
            {
                Timeouts = { Linger = TimeSpan.Zero },
                Sockets = { ResetOnClose = true },
            });
        using Socket client = await Clients.ConnectAsync(server);

        await Clients.SendAllAsync(client, "x"u8.ToArray());

        SocketException reset = Assert.ThrowsAsync<SocketException>(() => Clients.ReceiveToEndAsync(client))!;
        Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
    }

    private static TestCaseData Case(Action<SocketSettings> set, string expected)
    {
        var settings = new SocketSettings();
        set(settings);
        return new TestCaseData(settings, expected).SetArgDisplayNames(expected);
    }
}

/// <summary>Says how its sockets are set.</summary>
[GainProtocol]
internal partial struct OptionProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection)
    {
        ConnectionSocket socket = connection.Socket;
        journal.Add(
            $"no-delay {socket.NoDelay};"
            + $"keep-alive {socket.KeepAlive} {socket.KeepAliveIdle} {socket.KeepAliveInterval} "
            + $"{socket.KeepAliveCount};reset {socket.ResetOnClose};receive {socket.ReceiveBufferBytes};"
            + $"send {socket.SendBufferBytes};user {socket.UserTimeout};mark {socket.Mark};"
            + $"quick {socket.QuickAck}");
    }
}

/// <summary>Says how large its buffers are.</summary>
[GainProtocol]
internal partial struct BufferProtocol(Journal journal)
{
    private readonly void OnAccept(Connection connection) => journal.Add(
        $"receive {connection.Socket.ReceiveBufferBytes};send {connection.Socket.SendBufferBytes}");
}

/// <summary>Closes at the first byte.</summary>
[GainProtocol]
internal partial struct ClosingProtocol
{
    private static void OnRead(Connection connection) => connection.Close();
}
