using System.Net.Sockets;
using System.Text;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The program of docs/sessions.md does what the page says.</summary>
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
}
