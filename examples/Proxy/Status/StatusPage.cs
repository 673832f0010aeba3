using System.Text.Unicode;
using Gain.Proxy.Pools;

namespace Gain.Proxy.Status;

/// <summary>
/// Answers any HTTP request with the state of the backends, a line for each figure, as people and Prometheus
/// read it.
/// </summary>
[GainProtocol]
[Delimited("\r\n\r\n", MaxFrameLength = 8_192)]
internal partial struct StatusPage(PoolSet pools)
{
    private const int MaxLineBytes = 1_024;

    private readonly void OnFrame(Connection connection)
    {
        connection.SendStatic(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n\r\n"u8);
        foreach (Pool pool in pools.Pools)
        {
            Write(connection, "gain_proxy_pool_refused", pool.Name, "", pool.Refused);
            foreach (Backend backend in pool.Backends)
            {
                Write(connection, "gain_proxy_backend_up", pool.Name, backend.Name, backend.IsUp ? 1 : 0);
                Write(connection, "gain_proxy_backend_active", pool.Name, backend.Name, backend.Active);
                Write(connection, "gain_proxy_backend_connections", pool.Name, backend.Name, backend.Total);
                Write(connection, "gain_proxy_backend_failed", pool.Name, backend.Name, backend.Failed);
            }
        }

        connection.Close();
    }

    private static void OnProtocolError(Connection connection) =>
        connection.SendStatic("HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Length: 0\r\n\r\n"u8);

    // Formatted where it is sent from: nothing is allocated.
    private static void Write(Connection connection, string figure, string pool, string backend, long value)
    {
        Span<byte> line = connection.GetSpan(MaxLineBytes);
        int length;
        bool fits = backend.Length == 0
            ? Utf8.TryWrite(line, $"{figure}{{pool=\"{pool}\"}} {value}\n", out length)
            : Utf8.TryWrite(line, $"{figure}{{pool=\"{pool}\",backend=\"{backend}\"}} {value}\n", out length);
        connection.Advance(fits ? length : 0);
    }
}
