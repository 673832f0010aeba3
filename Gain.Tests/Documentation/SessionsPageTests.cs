using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The programs of docs/sessions.md do what the page says.</summary>
public sealed class SessionsPageTests
{
    [Test]
    public async Task Login()
    {
        string source = DocumentedProgram.In("docs/sessions.md")["Login"];
        await using DocumentedProgram program = await DocumentedProgram.StartAsync(source);
        using Socket socket = await program.ConnectAsync();
        await Clients.SendAllAsync(
            socket, Encoding.ASCII.GetBytes("ann\nbob\nann\nnna\n17\nx\n25\n"));
        socket.Shutdown(SocketShutdown.Send);
        string said = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(socket));
        Assert.That(
            said,
            Is.EqualTo("name?\npassword?\nname?\npassword?\nwelcome ann\n17\nno number\n42\nbye\n"));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
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
}
