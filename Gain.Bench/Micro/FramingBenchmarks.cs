using BenchmarkDotNet.Attributes;
using Gain.CompilerServices;

namespace Gain.Bench.Micro;

/// <summary>The search for a frame's end when the frame began in an earlier receive.</summary>
[MemoryDiagnoser]
public class FramingBenchmarks
{
    private byte[] _carried = [];
    private byte[] _data = [];

    /// <summary>How much of a request of 160 bytes came in the earlier receive.</summary>
    [Params(1, 100, 157, 159)]
    public int Carried { get; set; }

    [GlobalSetup]
    public void Split()
    {
        byte[] request =
        [
            .. "GET /plaintext HTTP/1.1\r\nHost: localhost\r\n"u8,
            .. "Accept: text/plain,text/html;q=0.9,application/xhtml+xml;q=0.9,*/*;q=0.7\r\n"u8,
            .. "User-Agent: gain\r\nConnection: keep-alive\r\n\r\n"u8,
        ];
        _carried = request[..Carried];
        _data = request[Carried..];
    }

    /// <summary>Finds the blank line that ends the request.</summary>
    [Benchmark]
    public int EndAcross() => Framing.EndAcross(_carried, _data, "\r\n\r\n"u8);
}
