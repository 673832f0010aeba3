using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gain.Tests.Server;

namespace Gain.Tests.Documentation;

/// <summary>A program of a page, compiled as it stands there, running as a process of its own.</summary>
internal sealed partial class DocumentedProgram : IAsyncDisposable
{
    private const int SIGTERM = 15;

    private static readonly string[] s_libraries =
        ["Gain.Runtime.dll", "Gain.Uring.dll", "Microsoft.Extensions.Logging.Abstractions.dll"];

    private readonly Process _process;
    private readonly string _directory;
    private readonly ConcurrentQueue<string> _errors = new();

    private DocumentedProgram(string directory, string[] arguments, bool readsErrors)
    {
        _directory = directory;
        string program = Path.Combine(directory, "program.dll");
        _process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        _process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        if (readsErrors)
        {
            _process.BeginErrorReadLine();
        }
    }

    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.None, 0);

    public string Errors => string.Join('\n', _errors);

    /// <summary>The programs of a page, by the names of their protocols.</summary>
    public static IReadOnlyDictionary<string, string> In(string page) =>
        Regex.Matches(SourceTree.Read(page), "(?ms)^```csharp\n(.*?)^```\n")
            .Select(match => match.Groups[1].Value)
            .Where(text => text.Contains("[GainProtocol", StringComparison.Ordinal))
            .ToDictionary(
                text => Regex.Match(text, @"(?:GainServer\.Start|\.Listen)\(new (\w+)\(").Groups[1].Value);

    /// <summary>Compiles a program, as strictly as a user may, and starts it on a free port.</summary>
    /// <param name="source">The program.</param>
    /// <param name="arguments">Its arguments behind the address.</param>
    public static Task<DocumentedProgram> StartAsync(string source, params string[] arguments) =>
        RunAsync(source, ["tcp://127.0.0.1:0", .. arguments]);

    /// <summary>The same, with a pipe for its standard error that nobody reads.</summary>
    /// <param name="source">The program.</param>
    public static Task<DocumentedProgram> StartUnreadAsync(string source) =>
        RunAsync(source, ["tcp://127.0.0.1:0"], readsErrors: false);

    /// <summary>The same, at another address.</summary>
    /// <param name="source">The program.</param>
    /// <param name="address">The address, with port 0.</param>
    public static Task<DocumentedProgram> StartAtAsync(string source, string address) =>
        RunAsync(source, [address]);

    private static async Task<DocumentedProgram> RunAsync(
        string source, string[] arguments, bool readsErrors = true)
    {
        GeneratorRun run = GeneratorRun.OfProgram(source);
        Assert.That(run.Problems, Is.Empty);
        string directory = Directory.CreateTempSubdirectory("gain-documented-").FullName;
        byte[] assembly = CompiledSample.Emit(run.Output);
        await File.WriteAllBytesAsync(Path.Combine(directory, "program.dll"), assembly);
        foreach (string library in s_libraries)
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, library), Path.Combine(directory, library));
        }

        string version = Environment.Version.ToString(3);
        await File.WriteAllTextAsync(
            Path.Combine(directory, "program.runtimeconfig.json"),
            $$"""
            { "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{version}}" },
              "configProperties": { "System.Globalization.Invariant": true } } }
            """);

        var program = new DocumentedProgram(directory, arguments, readsErrors);
        string? line = await program._process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience);
        Assert.That(line, Does.StartWith("listening on "), program.Errors);
        program.Endpoint = IPEndPoint.Parse(line!["listening on ".Length..]);
        return program;
    }

    public async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        await socket.ConnectAsync(Endpoint).WaitAsync(Clients.Patience);
        return socket;
    }

    /// <summary>Sends bytes, in one piece and then byte by byte, and compares what comes back.</summary>
    public async Task AssertAnswersAsync(byte[] request, byte[] answer)
    {
        using Socket whole = await ConnectAsync();
        await Clients.SendAllAsync(whole, request);
        Assert.That(await Clients.ReceiveExactlyAsync(whole, answer.Length), Is.EqualTo(answer));

        using Socket split = await ConnectAsync();
        foreach (byte value in request)
        {
            await Clients.SendAllAsync(split, new[] { value });
        }

        Assert.That(await Clients.ReceiveExactlyAsync(split, answer.Length), Is.EqualTo(answer));
    }

    /// <summary>Sends SIGTERM and waits for the end.</summary>
    public async Task<int> StopAsync()
    {
        Assert.That(Kill(_process.Id, SIGTERM), Is.Zero);
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return _process.ExitCode;
    }

    /// <summary>Sends SIGTERM.</summary>
    public void Terminate() => Assert.That(Kill(_process.Id, SIGTERM), Is.Zero);

    /// <summary>Gives it a line on its standard input.</summary>
    public void Tell(string line) => _process.StandardInput.WriteLine(line);

    /// <summary>Waits for the end: the exit code.</summary>
    public async Task<int> AwaitEndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return _process.ExitCode;
    }

    /// <summary>Waits for a text on its standard error.</summary>
    public async Task AwaitErrorAsync(string part)
    {
        var clock = Stopwatch.StartNew();
        while (!_errors.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            Assert.That(clock.Elapsed, Is.LessThan(Clients.Patience), $"no \"{part}\" in {Errors}");
            Assert.That(_process.HasExited, Is.False, Errors);
            await Task.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
