using System.Buffers.Text;

namespace Gain.Cli;

/// <summary>One worker's answer, whose Date is renewed in place when a second has passed.</summary>
internal sealed class PlaintextResponse
{
    private const int DateLength = 29;

    private readonly byte[] _bytes;
    private readonly int _dateStart;
    private long _validUntilMs;

    public PlaintextResponse()
    {
        ReadOnlySpan<byte> beforeDate =
            "HTTP/1.1 200 OK\r\nServer: gain\r\nContent-Type: text/plain\r\nDate: "u8;
        ReadOnlySpan<byte> afterDate = "\r\nContent-Length: 13\r\n\r\nHello, World!"u8;
        _bytes = [.. beforeDate, .. new byte[DateLength], .. afterDate];
        _dateStart = beforeDate.Length;

        // What formatting a date sets up once, it sets up here and not on a worker's thread.
        Renew(Environment.TickCount64);
    }

    /// <summary>The answer at a time of the worker's clock, in milliseconds.</summary>
    public ReadOnlySpan<byte> At(long nowMs)
    {
        if (nowMs >= _validUntilMs)
        {
            Renew(nowMs);
        }

        return _bytes;
    }

    private void Renew(long nowMs)
    {
        DateTime now = DateTime.UtcNow;
        Utf8Formatter.TryFormat(now, _bytes.AsSpan(_dateStart, DateLength), out _, 'R');
        _validUntilMs = nowMs + 1_000 - now.Millisecond;
    }
}
