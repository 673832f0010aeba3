using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
using Gain.Testing;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The programs of docs/sessions.md do what the page says.</summary>
public sealed class SessionsPageTests
{
    private const string Script = "ann\nbob\nann\nnna\n17\nx\n25\n";
    private const string Answer = "name?\npassword?\nname?\npassword?\nwelcome ann\n17\nno number\n42\nbye\n";

    [Test]
    public async Task Login()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Login"];
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(source);
        using Socket socket = await program.ConnectAsync();
        await Clients.SendAllAsync(socket, Encoding.ASCII.GetBytes(Script));
        socket.Shutdown(SocketShutdown.Send);
        string said = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(socket));
        Assert.That(said, Is.EqualTo(Answer));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    // Its accounts answer on other threads, each time at another moment.
    [Test]
    public void Login_answers_the_same_in_a_thousand_ways_to_send()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Login"];
        Assembly page = CompiledSample.Load(GeneratorRun.OfProgram(source).Output);
        Type login = page.GetType("Login", throwOnError: true)!;
        object accounts = Activator.CreateInstance(page.GetType("Accounts", throwOnError: true)!)!;
        object prototype = Activator.CreateInstance(login, accounts)!;
        MethodInfo start = typeof(TestServer).GetMethod(nameof(TestServer.Start))!.MakeGenericMethod(login);
        int whole = 0;
        Splits.RunWithFaults(Encoding.ASCII.GetBytes(Script), seed: 1, count: 1_000, split =>
        {
            using var server = (TestServer)start.Invoke(null, [prototype, null])!;
            TestPeer peer = server.Connect();
            split.SendTo(peer);
            peer.Close();
            for (int seconds = 0; seconds < 3; seconds++)
            {
                server.RunUntilAnswered();
                server.Advance(TimeSpan.FromSeconds(1.1));
            }

            whole += peer.ReceivedText == Answer ? 1 : 0;
            Assert.That(peer.Fault, Is.Null);
            return peer.Received.ToArray();
        });
        Assert.That(whole, Is.GreaterThan(500));
    }

    [Test]
    public async Task Proxy()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Relay"];
        using var target = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        target.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(
            source, $"tcp://{target.LocalEndPoint}");
        using (Socket early = await program.ConnectAsync())
        {
            Assert.That(
                Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(early)),
                Is.EqualTo("nobody is there\n"));
        }

        target.Listen();
        using Socket client = await program.ConnectAsync();
        using Socket upstream = await target.AcceptAsync().WaitAsync(Clients.Patience);
        await Clients.SendAllAsync(upstream, "banner"u8.ToArray());
        Assert.That(await Clients.ReceiveExactlyAsync(client, 6), Is.EqualTo("banner"u8.ToArray()));
        byte[] sent = Clients.Pattern(1_000_000, 3);
        Task sending = Clients.SendAllAsync(client, sent);
        Assert.That(await Clients.ReceiveExactlyAsync(upstream, sent.Length), Is.EqualTo(sent));
        await sending;
        upstream.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.Empty);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(upstream), Is.Empty);
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Mail()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Mail"];
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(source);
        await program.AssertAnswersAsync(
            "HELO me\r\nHELP\r\nDATA\r\nQUIT\r\nhi\r\n.\r\nDATA\r\n.\r\nQUIT\r\n"u8.ToArray(),
            [
                .. "220 ready\r\n250 hello\r\n500 what?\r\n354 end it with a dot\r\n250 taken: 6\r\n"u8,
                .. "354 end it with a dot\r\n250 taken: 0\r\n221 bye\r\n"u8,
            ]);
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }

    [Test]
    public async Task Feed()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Feed"];
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(source);
        using Socket client = await program.ConnectAsync();
        await Clients.SendAllAsync(client, "1000000\n"u8.ToArray());
        using Socket lost = await program.ConnectAsync();
        await Clients.SendAllAsync(lost, "what\n"u8.ToArray());
        Assert.That(await Clients.ReceiveToEndAsync(lost), Is.EqualTo("which price?\n"u8.ToArray()));
        using Socket low = await program.ConnectAsync();
        await Clients.SendAllAsync(low, "1\n"u8.ToArray());
        await Clients.ReceiveExactlyAsync(low, 4);
        Task<int> stopping = program.StopAsync();
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("closed\n"u8.ToArray()));
        Assert.That(
            Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(low)), Does.EndWith("closed\n"));
        client.Dispose();
        low.Dispose();
        Assert.That(await stopping, Is.Zero, program.Errors);
    }

    [Test]
    public async Task Upload()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Upload"];
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(source);
        using Socket client = await program.ConnectAsync();
        await Clients.SendAllAsync(client, new byte[300_000]);
        client.Shutdown(SocketShutdown.Send);
        Assert.That(await Clients.ReceiveToEndAsync(client), Is.EqualTo("300000"u8.ToArray()));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }
}
