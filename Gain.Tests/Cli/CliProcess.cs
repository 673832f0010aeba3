using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using Gain.Tests.Server;

namespace Gain.Tests.Cli;

/// <summary>The example's command line as a process of its own, in the build of the tests.</summary>
internal sealed partial class CliProcess : IAsyncDisposable
{
    private const int SIGTERM = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private CliProcess(string arguments, int? descriptors, string launcher, string? binary = null)
    {
        // A ring takes the limit of descriptors over when an accept is armed: it has to hold from the start.
        string limit = descriptors is null ? "" : $"ulimit -n {descriptors}; ";
        string program = binary is null ? $"dotnet \"{Program}\"" : $"\"{binary}\"";
        string command = $"{limit}exec {launcher}{program} {arguments}";
        var start = new ProcessStartInfo("sh", ["-c", command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, line) => Keep(_errors, line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>The program that is run.</summary>
    public static string Program { get; } = FindProgram();

    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>Where it says that it listens.</summary>
    public string Places { get; private set; } = "";

    public string[] Output => [.. _output];

    public string[] Errors => [.. _errors];

    public int Id => _process.Id;

    /// <summary>Starts a server on a free port and waits for its banner.</summary>
    /// <param name="arguments">The arguments, less the port.</param>
    /// <param name="descriptors">The limit of descriptors; null for the test's own.</param>
    /// <param name="launcher">What starts it, with a space behind.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="binary">A published binary; null for the build.</param>
    public static async Task<CliProcess> StartAsync(
        string arguments, int? descriptors = null, string launcher = "", int port = 0, string? binary = null)
    {
        var cli = new CliProcess($"--port {port} {arguments}", descriptors, launcher, binary);
        string? first = await cli._process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience);
        if (first is null)
        {
            RestrictedMachine.IgnoreIfImpossible(await cli.AwaitExitAsync(), string.Join('\n', cli.Errors));
        }

        Assert.That(first, Is.Not.Null.And.Contain(" on "), string.Join('\n', cli.Errors));
        cli._output.Enqueue(first!);
        cli.Places = first![(first!.IndexOf(" on ", StringComparison.Ordinal) + 4)..];
        if (IPEndPoint.TryParse(cli.Places, out IPEndPoint? endpoint))
        {
            cli.Endpoint = endpoint;
        }

        return cli;
    }

    /// <summary>Starts a server that may be refused, and waits until it is or listens.</summary>
    public static async Task<(CliProcess Cli, bool Listens)> TryStartAsync(string arguments)
    {
        var cli = new CliProcess(arguments, descriptors: null, launcher: "");
        string? first = await cli._process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience);
        if (first is not null)
        {
            cli._output.Enqueue(first);
        }

        return (cli, first is not null);
    }

    /// <summary>Runs with arguments that should end it at once.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        string arguments, string launcher = "", int? descriptors = null, string? binary = null)
    {
        await using var cli = new CliProcess(arguments, descriptors, launcher, binary);
        int exitCode = await cli.AwaitExitAsync();
        RestrictedMachine.IgnoreIfImpossible(exitCode, string.Join('\n', cli.Errors));
        return (exitCode, string.Join('\n', cli.Output), string.Join('\n', cli.Errors));
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Endpoint).WaitAsync(Clients.Patience);
        return socket;
    }

    public async Task AwaitErrorAsync(string part)
    {
        var clock = Stopwatch.StartNew();
        while (!_errors.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"no \"{part}\" on standard error");
            Assert.That(_process.HasExited, Is.False, string.Join('\n', Errors));
            await Task.Yield();
        }
    }

    /// <summary>Sends SIGTERM and waits for the end and the summary.</summary>
    public async Task<(int ExitCode, JsonElement Summary)> StopAsync()
    {
        Assert.That(Kill(Id, SIGTERM), Is.Zero);
        int exitCode = await AwaitExitAsync();
        return (exitCode, JsonDocument.Parse(Output[^1]).RootElement);
    }

    /// <summary>Waits until it ends by itself: its exit code.</summary>
    public Task<int> AwaitEndAsync() => AwaitExitAsync();

    /// <summary>Ends it as a crash would: SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task<int> AwaitExitAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience) is { } line)
        {
            _output.Enqueue(line);
        }

        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return _process.ExitCode;
    }

    private static void Keep(ConcurrentQueue<string> lines, string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
        }
    }

    private static string FindProgram()
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        string framework = tests.Name;
        string configuration = tests.Parent!.Name;
        string root = tests.Parent.Parent!.Parent!.Parent!.FullName;
        string program = Path.Combine(root, "examples", "Cli", "bin", configuration, framework, "gain.dll");
        Assert.That(program, Does.Exist);
        return program;
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
