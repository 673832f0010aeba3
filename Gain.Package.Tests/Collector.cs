using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Package;

/// <summary>
/// What an OpenTelemetry collector is to a program: it takes metrics by OTLP over HTTP, and keeps the last
/// value of each.
/// </summary>
internal sealed class Collector : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly byte[] s_headEnd = "\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, double> _values = [];
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Collector()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    /// <summary>
    /// Waits until a metric has a value: <c>address name</c>, or <c>address name reason</c>, where the
    /// address is the server's.
    /// </summary>
    public async Task AwaitAsync(string metric, double value)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_values.TryGetValue(metric, out double last) && last == value)
                {
                    return;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"{metric} never was {value} of {this}");
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _values.Select(one => $"{one.Key} {one.Value}"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                _connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stopping.Token)));
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using (client)
        {
            var buffer = new byte[1 << 20];
            int have = 0;
            try
            {
                while (true)
                {
                    int read = await client.ReceiveAsync(buffer.AsMemory(have), _stopping.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    have += read;
                    int taken;
                    while ((taken = TakeRequest(buffer.AsMemory(0, have))) > 0)
                    {
                        await client.SendAsync(
                            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stopping.Token);
                        buffer.AsSpan(taken, have - taken).CopyTo(buffer);
                        have -= taken;
                    }
                }
            }
            catch (Exception gone) when (gone is OperationCanceledException or SocketException)
            {
                // The program or the test is at its end.
                return;
            }
        }
    }

    /// <returns>The length of the request; 0 while it is not whole.</returns>
    private int TakeRequest(ReadOnlyMemory<byte> bytes)
    {
        int head = bytes.Span.IndexOf(s_headEnd) + s_headEnd.Length;
        if (head < s_headEnd.Length)
        {
            return 0;
        }

        string[] lines = Encoding.ASCII.GetString(bytes.Span[..head]).Split("\r\n");
        Assert.That(lines[0], Is.EqualTo("POST /v1/metrics HTTP/1.1"));
        const string LengthKey = "Content-Length:";
        string given = lines.Single(line => line.StartsWith(LengthKey, StringComparison.OrdinalIgnoreCase));
        int length = int.Parse(given.AsSpan(LengthKey.Length), CultureInfo.InvariantCulture);
        if (bytes.Length < head + length)
        {
            return 0;
        }

        lock (_gate)
        {
            Read(bytes.Slice(head, length));
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return head + length;
    }

    // ExportMetricsServiceRequest: resource_metrics = 1; ResourceMetrics: scope_metrics = 2; ScopeMetrics:
    // metrics = 2.
    private void Read(ReadOnlyMemory<byte> request)
    {
        foreach (ProtobufField metric in ProtobufField.In(request, 1, 2, 2))
        {
            ReadMetric(metric.Bytes);
        }
    }

    // Metric: name = 1, gauge = 5, sum = 7; both: data_points = 1. NumberDataPoint: as_double = 4,
    // as_int = 6, attributes = 7.
    private void ReadMetric(ReadOnlyMemory<byte> metric)
    {
        string name = Encoding.UTF8.GetString(ProtobufField.In(metric, 1).Single().Bytes.Span);
        foreach (ProtobufField point in ProtobufField.In(metric, 5, 1).Concat(ProtobufField.In(metric, 7, 1)))
        {
            Dictionary<string, string> tags = ProtobufField.In(point.Bytes, 7).Select(TextOf).ToDictionary();
            string reason = tags.TryGetValue("reason", out string? given) ? $" {given}" : "";
            ProtobufField value =
                ProtobufField.In(point.Bytes, 4).Concat(ProtobufField.In(point.Bytes, 6)).Single();
            _values[$"{tags["server.address"]} {name}{reason}"] = value.Number == 4
                ? BinaryPrimitives.ReadDoubleLittleEndian(value.Bytes.Span)
                : BinaryPrimitives.ReadInt64LittleEndian(value.Bytes.Span);
        }
    }

    // KeyValue: key = 1, value = 2; AnyValue: string_value = 1.
    private static KeyValuePair<string, string> TextOf(ProtobufField attribute) => new(
        Encoding.UTF8.GetString(ProtobufField.In(attribute.Bytes, 1).Single().Bytes.Span),
        Encoding.UTF8.GetString(ProtobufField.In(attribute.Bytes, 2, 1).Single().Bytes.Span));
}
