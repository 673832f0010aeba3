using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Gain.Tests.Package;

/// <summary>A program with a Generic Host, as a process of its own that logs to its output.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly List<string> _lines = [];

    private HostProcess(Process process) => _process = process;

    /// <summary>All that it has written, as far as it was read.</summary>
    public string Log => string.Join('\n', _lines);

    /// <summary>Whether tools such as dotnet-counters can connect to it, and its events are on.</summary>
    public bool IsOpenToTools
    {
        get
        {
            const string Off = "EventSource.IsSupported\": false";
            string settings = $"{_process.StartInfo.FileName}.runtimeconfig.json";
            bool isOff = File.Exists(settings)
                && File.ReadAllText(settings).Contains(Off, StringComparison.Ordinal);
            return !isOff && Directory.EnumerateFileSystemEntries(
                Path.GetTempPath(), $"dotnet-diagnostic-{_process.Id}-*-socket").Any();
        }
    }

    /// <summary>Starts it, and waits until the host has started.</summary>
    public static async Task<HostProcess> StartAsync(
        string folder, string program, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var host = new HostProcess(Process.Start(start)!);
        await host.AwaitAsync("Application started");
        return host;
    }

    /// <summary>Where a server of the host listens, as its log says.</summary>
    public IPEndPoint[] EndPointsOf(string server)
    {
        string before = $"Gain.{server}[1] Listening on ";
        string line = _lines.Single(one => one.Contains(before, StringComparison.Ordinal));
        string addresses = line[(line.IndexOf(before, StringComparison.Ordinal) + before.Length)..];
        return
        [
            .. addresses[..addresses.IndexOf(": ", StringComparison.Ordinal)].Split(", ")
                .Select(one => IPEndPoint.Parse(one[(one.LastIndexOf('/') + 1)..])),
        ];
    }

    /// <summary>Reads on until a line says something.</summary>
    public async Task AwaitAsync(string part)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!Log.Contains(part, StringComparison.Ordinal))
        {
            string? line = await _process.StandardOutput.ReadLineAsync(patience.Token);
            if (line is null)
            {
                string errors = await _process.StandardError.ReadToEndAsync(patience.Token);
                Assert.Fail($"it ended without \"{part}\": {Log}\n{errors}");
            }

            _lines.Add(line!);
        }
    }

    /// <summary>Sends what a service's manager ends it with.</summary>
    public async Task TerminateAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])!;
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end: the exit code.</summary>
    public async Task<int> AwaitEndAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            _lines.Add(line);
        }

        _lines.Add(await _process.StandardError.ReadToEndAsync(patience.Token));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Sends a text to an echo, and reads it back.</summary>
    public static async Task<string> EchoAsync(IPEndPoint endPoint, string text)
    {
        using var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endPoint).WaitAsync(s_patience);
        await using var stream = new NetworkStream(client);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        byte[] answer = new byte[text.Length];
        await stream.ReadExactlyAsync(answer).AsTask().WaitAsync(s_patience);
        return Encoding.UTF8.GetString(answer);
    }

    /// <summary>The answer to a request by HTTP.</summary>
    public static async Task<string> GetAsync(IPEndPoint endPoint, string path)
    {
        using var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endPoint).WaitAsync(s_patience);
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"));
        using var reader = new StreamReader(new NetworkStream(client));
        return await reader.ReadToEndAsync().WaitAsync(s_patience);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
