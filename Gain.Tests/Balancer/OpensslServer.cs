using System.Diagnostics;
using Gain.Tests.Cli;
using Gain.Tests.Server;

namespace Gain.Tests.Balancer;

/// <summary><c>openssl s_server</c> with a certificate that names it.</summary>
internal sealed class OpensslServer : IAsyncDisposable
{
    private readonly Process _process;

    private OpensslServer(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    public static async Task<OpensslServer> StartAsync(string folder, string name)
    {
        string cert = Path.Combine(folder, $"{name}.pem");
        string key = Path.Combine(folder, $"{name}.key");
        await Tool.RunAsync(
            "openssl",
            $"req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {key} -out {cert} "
            + $"-subj /CN={name} -days 2");
        Process process = Process.Start(new ProcessStartInfo(
            "openssl", $"s_server -accept 127.0.0.1:0 -cert {cert} -key {key} -www")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

        // "ACCEPT 127.0.0.1:port" tells the port that it was given.
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(Clients.Patience) is { } line)
        {
            if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new OpensslServer(process, int.Parse(line[(line.LastIndexOf(':') + 1)..]));
            }
        }

        throw new AssertionException("openssl s_server did not say where it listens");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        _process.Dispose();
    }
}
