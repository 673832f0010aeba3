using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Gain.Tests.Server;

namespace Gain.Tls.Tests.Server;

/// <summary>A server that others have written, until it is disposed of.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly Task<string> _output;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
        _errors = process.StandardError.ReadToEndAsync();
        _output = process.StandardOutput.ReadToEndAsync();
    }

    public int Port { get; }

    public DialTarget Target => DialTarget.Parse($"tls://127.0.0.1:{Port}");

    /// <summary>Starts one, and waits until it listens.</summary>
    /// <param name="program">What to run; the test is ignored where it is not there.</param>
    /// <param name="folder">Where its files are.</param>
    /// <param name="arguments">Its arguments, of the port that it is to listen on.</param>
    /// <param name="at">That port; null for one that is free.</param>
    public static async Task<ServerProcess> StartAsync(
        string program, string folder, Func<int, string> arguments, int? at = null)
    {
        int port = at ?? FindPort();
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo(program, arguments(port))
            {
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception fault)
        {
            Assert.Ignore($"{program} cannot be run: {fault.Message}");
            throw;
        }

        var server = new ServerProcess(process, port);
        await server.AwaitListeningAsync();
        return server;
    }

    /// <summary>What it has printed, when it has ended by itself or was killed.</summary>
    public async Task<string> EndAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        return await _output + await _errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await EndAsync();
        }

        _process.Dispose();
    }

    // A look at the kernel's table rather than a connect, which the server would take for a client.
    private async Task AwaitListeningAsync()
    {
        string listening = $":{Port:X4} 00000000:0000 0A";
        var clock = Stopwatch.StartNew();
        while (!(await File.ReadAllTextAsync("/proc/net/tcp")).Contains(listening, StringComparison.Ordinal))
        {
            if (_process.HasExited || clock.Elapsed > Clients.Patience)
            {
                Assert.Fail($"the server does not listen: {await EndAsync()}");
            }

            await Task.Yield();
        }
    }

    private static int FindPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
