using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Gain.Tests.Package;

/// <summary>A server that a test built, as a process of its own on a port that the kernel chose.</summary>
internal sealed class ServerProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly IPEndPoint _endpoint;

    private ServerProcess(Process process, IPEndPoint endpoint)
    {
        _process = process;
        _endpoint = endpoint;
    }

    /// <summary>Starts a program that prints "listening on address:port" when it listens.</summary>
    public static Task<ServerProcess> StartAsync(string program, params string[] arguments) =>
        StartInAsync(Environment.CurrentDirectory, program, arguments);

    /// <summary>The same in a folder, whose files it finds.</summary>
    public static async Task<ServerProcess> StartInAsync(
        string folder, string program, params string[] arguments)
    {
        Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using var patience = new CancellationTokenSource(s_patience);
        string? line = await process.StandardOutput.ReadLineAsync(patience.Token);
        if (line is null)
        {
            string errors = await process.StandardError.ReadToEndAsync(patience.Token);
            process.Dispose();
            SkipWithoutRings(errors);
            Assert.Fail($"{program} ended: {errors}");
        }

        Assert.That(line, Does.StartWith("listening on "));
        return new ServerProcess(process, IPEndPoint.Parse(line!.Split(' ')[2].TrimEnd(',')));
    }

    /// <summary>Sends bytes, and reads as many as are expected back.</summary>
    public async Task<string> ExchangeAsync(string sent, int expected)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(_endpoint, patience.Token);
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(sent), patience.Token);
        byte[] answer = new byte[expected];
        await client.GetStream().ReadExactlyAsync(answer, patience.Token);
        return System.Text.Encoding.UTF8.GetString(answer);
    }

    /// <summary>The same over TLS, to a server with a certificate that nobody has signed.</summary>
    public async Task<string> ExchangeOverTlsAsync(string sent, int expected)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var client = new TcpClient();
        await client.ConnectAsync(_endpoint, patience.Token);
#pragma warning disable CA5359 // The certificate is the test's own.
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await tls.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions { TargetHost = "localhost" }, patience.Token);
        await tls.WriteAsync(System.Text.Encoding.UTF8.GetBytes(sent), patience.Token);
        byte[] answer = new byte[expected];
        await tls.ReadExactlyAsync(answer, patience.Token);
        return System.Text.Encoding.UTF8.GetString(answer);
    }

    /// <summary>Ends it as a service's manager does, and returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using var patience = new CancellationTokenSource(s_patience);
        using Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"])!;
        await kill.WaitForExitAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static void SkipWithoutRings(string errors)
    {
        if (errors.Contains(nameof(GainError.RingUnavailable), StringComparison.Ordinal))
        {
            Assert.Ignore($"io_uring is not available here: {errors}");
        }
    }
}
