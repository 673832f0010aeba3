using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary>examples/Proxy as a process of its own, with a file of its own.</summary>
internal sealed partial class ProxyProgram : IAsyncDisposable
{
    public const int SIGHUP = 1;
    private const int SIGTERM = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly string _folder;

    private ProxyProgram(string configuration)
    {
        _folder = Directory.CreateTempSubdirectory("gain-proxy-").FullName;
        File.WriteAllText(ConfigurationPath, configuration);
        string binary = Environment.GetEnvironmentVariable("GAIN_PROXY") ?? "";
        var start = binary.Length == 0
            ? new ProcessStartInfo("dotnet", [Program, ConfigurationPath])
            : new ProcessStartInfo(binary, [ConfigurationPath]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                _errors.Enqueue(text);
            }
        };
        _process.BeginErrorReadLine();
    }

    private static string Program { get; } = FindProgram();

    public string ConfigurationPath => Path.Combine(_folder, "proxy.json");

    /// <summary>Where it listens: its listeners, those with a PROXY header first, then its status.</summary>
    public string[] Places { get; private set; } = [];

    public IPEndPoint Endpoint => IPEndPoint.Parse(Places[0]["tcp://".Length..]);

    /// <summary>Where it tells its state.</summary>
    public string StatusUrl => $"http://{Places[^1]["tcp://".Length..]}/";

    public string Errors => string.Join('\n', _errors);

    /// <summary>Where the listeners are bound that were added since, the last one last.</summary>
    public string[] Added()
    {
        const string Line = "gain-proxy: listens on ";
        return [.. from line in _errors where line.StartsWith(Line) select line[Line.Length..]];
    }

    /// <summary>Starts it, and waits until it listens.</summary>
    public static async Task<ProxyProgram> StartAsync(string configuration)
    {
        var proxy = new ProxyProgram(configuration);
        string? first = await proxy._process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience);
        if (first is null)
        {
            RestrictedMachine.IgnoreIfImpossible(
                await proxy.AwaitEndAsync().ContinueWith(end => end.Result.ExitCode), proxy.Errors);
        }

        const string Banner = "gain-proxy: listening on ";
        Assert.That(first, Does.StartWith(Banner), proxy.Errors);
        proxy.Places = first![Banner.Length..].Split(", ");
        return proxy;
    }

    /// <summary>Runs it with a file that should end it at once.</summary>
    public static async Task<(int ExitCode, string Errors)> RunAsync(string configuration)
    {
        await using var proxy = new ProxyProgram(configuration);
        (int exitCode, string output) = await proxy.AwaitEndAsync();
        Assert.That(output, Is.Empty);
        return (exitCode, proxy.Errors);
    }

    public Task<Socket> ConnectAsync() => Clients.ConnectAsync(Endpoint);

    /// <summary>Puts another file in its place, as editors do, and waits for what comes of it.</summary>
    public async Task ReplaceAsync(string configuration, string outcome)
    {
        int before = _errors.Count;
        string other = ConfigurationPath + ".new";
        await File.WriteAllTextAsync(other, configuration);
        File.Move(other, ConfigurationPath, overwrite: true);
        await AwaitErrorAsync(outcome, before);
    }

    public void Signal(int signal) => Assert.That(Kill(_process.Id, signal), Is.Zero);

    /// <summary>Waits for a line on standard error.</summary>
    public async Task AwaitErrorAsync(string part, int after = 0)
    {
        var clock = Stopwatch.StartNew();
        while (!_errors.Skip(after).Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"no \"{part}\" in: {Errors}");
            Assert.That(_process.HasExited, Is.False, Errors);
            await Task.Yield();
        }
    }

    /// <summary>Asks for its state until it is as wanted.</summary>
    public async Task<string> AwaitStatusAsync(string line)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            string status = await Tool.RunAsync("curl", $"-q -sS --noproxy * --max-time 30 {StatusUrl}");
            if (status.Split('\n').Contains(line))
            {
                return status;
            }

            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"no \"{line}\" in: {status}");
        }
    }

    /// <summary>Stops it, and asserts that nothing was wrong.</summary>
    /// <returns>The last line that it has printed.</returns>
    public async Task<string> StopAsync()
    {
        Signal(SIGTERM);
        (int exitCode, string output) = await AwaitEndAsync();
        string last = output.TrimEnd().Split('\n')[^1];
        Assert.That(exitCode, Is.Zero, Errors);
        Assert.That(last, Does.Contain(" 0 faults"));
        return last;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(int ExitCode, string Output)> AwaitEndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Clients.Patience);
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return (_process.ExitCode, output);
    }

    private static string FindProgram()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        string root = tests.Parent!.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(
            root, "examples", "Proxy", "bin", tests.Parent.Name, tests.Name, "gain-proxy.dll");
        Assert.That(program, Does.Exist);
        return program;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
