using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>Plain sockets as clients, with a time limit on everything so that a hang is a failure.</summary>
internal static class Clients
{
    /// <summary>
    /// No wait of a test is longer: far above what anything takes, so only a hang reaches it.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task<Socket> ConnectAsync(GainServer server)
    {
        if (server.EndPoints.Count == 0)
        {
            return await ConnectAsync(server.Addresses[0]["unix://".Length..]);
        }

        return await ConnectAsync(server.EndPoints[0]);
    }

    /// <summary>Connects to a server that may reset the connection before the connect has returned.</summary>
    /// <returns>The socket; null when it was reset.</returns>
    public static async Task<Socket?> TryConnectAsync(GainServer server)
    {
        try
        {
            return await ConnectAsync(server);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return null;
        }
    }

    /// <summary>Connects to one of the addresses of a server.</summary>
    public static async Task<Socket> ConnectAsync(GainServer server, int address)
    {
        string text = server.Addresses[address];
        if (text.StartsWith("unix://", StringComparison.Ordinal))
        {
            return await ConnectAsync(text["unix://".Length..]);
        }

        return await ConnectAsync(IPEndPoint.Parse(text["tcp://".Length..]));
    }

    /// <summary>Connects to a Unix socket: a path, or an abstract name behind an @.</summary>
    public static async Task<Socket> ConnectAsync(string path)
    {
        // The runtime's socket address takes the NUL of an abstract name as it is.
        var endpoint = new UnixDomainSocketEndPoint(path[0] == '@' ? $"\0{path[1..]}" : path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endpoint).WaitAsync(Patience);
        }
        catch
        {
            // Left to the collector, it would go in the middle of a test that counts sockets.
            socket.Dispose();
            throw;
        }

        return socket;
    }

    public static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            int sent = await socket.SendAsync(data).AsTask().WaitAsync(Patience);
            data = data[sent..];
        }
    }

    /// <summary>Sends all, and then FIN.</summary>
    public static async Task SendToEndAsync(Socket socket, ReadOnlyMemory<byte> data)
    {
        await SendAllAsync(socket, data);
        socket.Shutdown(SocketShutdown.Send);
    }

    public static async Task<byte[]> ReceiveExactlyAsync(Socket socket, int count)
    {
        byte[] data = new byte[count];
        for (int received = 0; received < count;)
        {
            int got = await socket.ReceiveAsync(data.AsMemory(received)).AsTask().WaitAsync(Patience);
            Assert.That(got, Is.Not.Zero, $"the server closed after {received} of {count} bytes");
            received += got;
        }

        return data;
    }

    /// <summary>Receives until the server's FIN.</summary>
    public static async Task<byte[]> ReceiveToEndAsync(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[64 << 10];
        while (true)
        {
            int got = await socket.ReceiveAsync(buffer).WaitAsync(Patience);
            if (got == 0)
            {
                return all.ToArray();
            }

            all.Write(buffer, 0, got);
        }
    }

    /// <summary>Closes with a reset instead of a FIN.</summary>
    public static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    /// <summary>Bytes that tell their place, so that a swap or a loss shows.</summary>
    public static byte[] Pattern(int length, int seed)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }

    public static async Task<Socket> ConnectAsync(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        try
        {
            await socket.ConnectAsync(endpoint).WaitAsync(Patience);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return socket;
    }

    /// <summary>Waits until nothing comes any more, FIN or reset, and closes the client.</summary>
    public static async Task AssertEndedAsync(Socket client)
    {
        try
        {
            Assert.That(await ReceiveToEndAsync(client), Is.Empty);
        }
        catch (SocketException reset)
        {
            Assert.That(reset.SocketErrorCode, Is.EqualTo(SocketError.ConnectionReset));
        }
        finally
        {
            client.Dispose();
        }
    }
}
