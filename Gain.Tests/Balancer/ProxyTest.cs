using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>What the tests of the balancer have in common: the file, over each ring.</summary>
[TestFixture("uring")]
[TestFixture("epoll")]
public abstract class ProxyTest(string ring)
{
    private protected string Ring => ring;

    /// <summary>A file with one listener of the pool "main", and a status page.</summary>
    private protected string File(
        string[] backends, string pool = "", string more = "", string listener = "") =>
        $$"""
        {
          "workers": 2,
          "ring": "{{ring}}",
          "status": "tcp://127.0.0.1:0",
          {{more}}
          "listeners": [ { "address": "tcp://127.0.0.1:0", "pool": "main", {{listener}} } ],
          "pools": { "main": { "backends": {{JsonSerializer.Serialize(backends)}}, {{pool}} } }
        }
        """;

    /// <summary>A line of the status page.</summary>
    private protected static string Figure(string name, string backend, long value) =>
        $"gain_proxy_backend_{name}{{pool=\"main\",backend=\"{backend}\"}} {value}";

    private protected static async Task<string> ReadTextAsync(Socket socket, int length) =>
        Encoding.ASCII.GetString(await Clients.ReceiveExactlyAsync(socket, length));

    /// <summary>Sends and receives at once, as a peer that only writes fills every buffer.</summary>
    private protected static async Task<byte[]> ExchangeAsync(Socket socket, byte[] data)
    {
        Task sending = SendAndEndAsync(socket, data);
        byte[] answer = await Clients.ReceiveToEndAsync(socket);
        await sending;
        return answer;
    }

    private static async Task SendAndEndAsync(Socket socket, byte[] data)
    {
        await Clients.SendAllAsync(socket, data);
        socket.Shutdown(SocketShutdown.Send);
    }
}
