using System.Net;
using System.Net.Sockets;
using System.Text;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Published;

/// <summary>What clients ask the example for. Each is one connection, and asserts what it is
/// answered.</summary>
internal static class HttpClients
{
    /// <summary>The body of each answer.</summary>
    public const string Body = "Hello, World!";

    private const string Request = "GET / HTTP/1.1\r\nHost: gain\r\n\r\n";
    private const int FirstPart = 21;

    // So that bytes wait for the FIN, which then leaves with them (tcp(7)).
    private const int IPPROTO_TCP = 6;
    private const int TCP_CORK = 3;

    public static async Task OneRequestAsync(IPEndPoint server) => Assert.That(
        await CurlAsync("-w \" %{http_code}\"", server),
        Is.EqualTo($"{Body} 200"));

    public static async Task TwoRequestsAsync(IPEndPoint server) => Assert.That(
        await CurlAsync($"-w \" %{{http_code}} %{{num_connects}}\\n\" http://{server}/", server),
        Is.EqualTo($"{Body} 200 1\n{Body} 200 0\n"));

    // The first write ends in the middle of the second head. The first answer proves that the server has read
    // it, so that the rest arrives in a receive of its own, without any delay to hope for.
    public static async Task RequestInTwoPiecesAsync(IPEndPoint server)
    {
        using Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(Request + Request[..FirstPart]));
        string first = await ReadAnswerAsync(client);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(Request[FirstPart..]));
        string second = await ReadAnswerAsync(client);

        Assert.That(
            new[] { first, second },
            Has.All.StartsWith("HTTP/1.1 200 OK\r\n").And.All.EndsWith($"\r\n\r\n{Body}"));
    }

    // Bytes and FIN arrive together: all requests are answered all the same, and then comes the server's FIN.
    public static async Task HundredRequestsAndTheFinAsync(IPEndPoint server)
    {
        const int Count = 100;
        using Socket client = await Clients.ConnectAsync(server);
        client.NoDelay = false;
        client.SetRawSocketOption(IPPROTO_TCP, TCP_CORK, BitConverter.GetBytes(1));
        string requests = string.Concat(Enumerable.Repeat(Request, Count));
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(requests));
        client.Shutdown(SocketShutdown.Send);
        string answers = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));

        Assert.That(answers.Split($"\r\n\r\n{Body}"), Has.Length.EqualTo(Count + 1));
        Assert.That(answers.Split("HTTP/1.1 200 OK\r\n"), Has.Length.EqualTo(Count + 1));
    }

    public static async Task LongHeadAsync(IPEndPoint server)
    {
        using Socket client = await Clients.ConnectAsync(server);
        string head = "GET / HTTP/1.1\r\nX-Long: " + new string('x', 20_000);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(head));
        string answer = Encoding.ASCII.GetString(await Clients.ReceiveToEndAsync(client));

        Assert.That(answer, Does.StartWith("HTTP/1.1 431 "));
    }

    /// <summary>A connection that was answered once and stays open, idle.</summary>
    public static async Task<Socket> IdleAsync(IPEndPoint server)
    {
        Socket client = await Clients.ConnectAsync(server);
        await Clients.SendAllAsync(client, Encoding.ASCII.GetBytes(Request));
        await ReadAnswerAsync(client);
        return client;
    }

    private static Task<string> CurlAsync(string arguments, IPEndPoint server) => Tool.RunAsync(
        "curl",
        $"-q --silent --show-error --noproxy * --max-time {Clients.Patience.TotalSeconds} "
        + $"{arguments} http://{server}/");

    private static async Task<string> ReadAnswerAsync(Socket client)
    {
        var answer = new StringBuilder();
        do
        {
            answer.Append(Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(client, 1)));
        }
        while (!answer.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal));

        byte[] body = await Clients.ReceiveExactlyAsync(client, Body.Length);
        return answer.Append(Encoding.ASCII.GetString(body)).ToString();
    }
}
