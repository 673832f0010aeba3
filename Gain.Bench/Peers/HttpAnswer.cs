using System.Globalization;
using System.Text;

namespace Gain.Bench.Peers;

/// <summary>What every request is answered with, with the second it is.</summary>
internal static class HttpAnswer
{
    private static byte[] s_bytes = [];
    private static long s_second = -1;

    /// <summary>The answer, made anew each second: any thread may ask.</summary>
    public static byte[] Bytes
    {
        get
        {
            long second = Environment.TickCount64 / 1_000;
            if (Volatile.Read(ref s_second) != second)
            {
                string date = DateTime.UtcNow.ToString("R", CultureInfo.InvariantCulture);
                Volatile.Write(ref s_bytes, Encoding.ASCII.GetBytes(
                    "HTTP/1.1 200 OK\r\nServer: bare\r\nContent-Type: text/plain\r\n"
                    + $"Date: {date}\r\nContent-Length: 13\r\n\r\nHello, World!"));
                Volatile.Write(ref s_second, second);
            }

            return Volatile.Read(ref s_bytes);
        }
    }
}
