using System.Net;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>The program of docs/datagrams.md does what the page says.</summary>
public sealed class DatagramsPageTests
{
    // RFC 5769, 2.2 and 2.3, has these, but with attributes that a plain request does not need.
    private const string Id = "B7E7A701BC34D686FA87DFAE";

    [TestCase("udp://127.0.0.1:0")]
    [TestCase("udp://[::1]:0")]
    public async Task Stun(string address)
    {
        if (address.Contains('[') && !Socket.OSSupportsIPv6)
        {
            Assert.Ignore("The machine has no IPv6.");
        }

        await using DocumentedProgram program = await DocumentedProgram.StartAtAsync(
            DocumentedProgram.In("docs/datagrams.md")["Stun"], address);
        using var client = new Socket(program.Endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(program.Endpoint);
        await client.SendAsync("not STUN"u8.ToArray());
        await client.SendAsync(Convert.FromHexString($"000100002112A442{Id}"));
        byte[] answer = new byte[100];
        int length = await client.ReceiveAsync(answer).WaitAsync(Clients.Patience);

        var own = (IPEndPoint)client.LocalEndPoint!;
        byte[] host = own.Address.GetAddressBytes();
        byte[] key = Convert.FromHexString($"2112A442{Id}");
        string port = Convert.ToHexString([(byte)((own.Port >> 8) ^ 0x21), (byte)(own.Port ^ 0x12)]);
        string mapped = Convert.ToHexString([.. host.Zip(key, (one, other) => (byte)(one ^ other))]);
        string family = host.Length == 4 ? "0001" : "0002";
        string expected = $"0101{8 + host.Length:X4}2112A442{Id}"
            + $"0020{4 + host.Length:X4}{family}{port}{mapped}";
        Assert.That(Convert.ToHexString(answer.AsSpan(0, length)), Is.EqualTo(expected));
        Assert.That(await program.StopAsync(), Is.Zero, program.Errors);
    }
}
