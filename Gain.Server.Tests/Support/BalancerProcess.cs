using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gain.Tests.Server;

/// <summary>
/// A real server in a process of its own: a load balancer in front of a server of a test, or what a test
/// dials.
/// </summary>
internal sealed class BalancerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly string _folder;

    private BalancerProcess(Process process, string folder, int port)
    {
        _process = process;
        _output = process.StandardError.ReadToEndAsync();
        _folder = folder;
        Port = port;
    }

    /// <summary>Where it listens, on the loopback.</summary>
    public int Port { get; }

    /// <summary>Starts HAProxy with what its server line says besides its address.</summary>
    public static Task<BalancerProcess> HAProxyAsync(GainServer behind, string options) =>
        HAProxyAsync($"{behind.EndPoints[0]}", options);

    /// <summary>Starts HAProxy in front of an address, with what its bind line says besides its
    /// own.</summary>
    public static Task<BalancerProcess> HAProxyAsync(
        string behind, string options, string bind = "") => StartAsync(
        "haproxy",
        ["-db", "-f"],
        (folder, port) => $"""
            global
              maxconn 100
            defaults
              mode tcp
              timeout connect 10s
              timeout client 60s
              timeout server 60s
            listen front
              bind 127.0.0.1:{port} {bind}
              server back {behind} {options}

            """);

    /// <summary>Starts nginx, which speaks version 1.</summary>
    public static Task<BalancerProcess> NginxAsync(GainServer behind) => StartAsync(
        "nginx",
        ["-c"],
        (folder, port) => $$"""
            {{StreamModule()}}
            daemon off;
            master_process off;
            pid {{folder}}/nginx.pid;
            error_log stderr;
            events {}
            stream {
              server {
                listen 127.0.0.1:{{port}};
                proxy_pass {{behind.EndPoints[0]}};
                proxy_protocol on;
              }
            }

            """);

    /// <summary>Starts Redis, which saves nothing.</summary>
    public static Task<BalancerProcess> RedisAsync() => StartAsync(
        "redis-server",
        [],
        (folder, port) => $"""
            bind 127.0.0.1
            port {port}
            dir {folder}
            save ""
            appendonly no

            """);

    /// <summary>Starts nginx by itself, as a server of pages that tell their address.</summary>
    public static Task<BalancerProcess> NginxPageAsync() => NginxAnswersAsync("page $uri");

    /// <summary>As <see cref="NginxPageAsync"/>, for clients that begin with HTTP/2 at once.</summary>
    public static Task<BalancerProcess> NginxHttp2PageAsync() =>
        NginxAnswersAsync("page $server_protocol $request_method $uri", listen: "http2");

    /// <summary>Starts nginx as a server, which says on which connection, and how often, it was
    /// asked.</summary>
    /// <param name="requests">After how many it closes the connection.</param>
    public static Task<BalancerProcess> NginxHttpAsync(int requests) =>
        NginxAnswersAsync("$connection $connection_requests", requests);

    private static Task<BalancerProcess> NginxAnswersAsync(
        string text, int requests = 1_000, string listen = "") => StartAsync(
        "nginx",
        ["-c"],
        (folder, port) => $$"""
            daemon off;
            master_process off;
            error_log stderr;
            pid {{folder}}/nginx.pid;
            events {}
            http {
              access_log off;
              client_body_temp_path {{folder}};
              proxy_temp_path {{folder}};
              fastcgi_temp_path {{folder}};
              uwsgi_temp_path {{folder}};
              scgi_temp_path {{folder}};
              keepalive_requests {{requests}};
              server {
                listen 127.0.0.1:{{port}} {{listen}};
                location / {
                  return 200 "{{text}}";
                }
              }
            }

            """);

    // Debian has it in a file of its own, and others do not.
    private static string StreamModule()
    {
        const string Module = "/usr/lib/nginx/modules/ngx_stream_module.so";
        return File.Exists(Module) ? $"load_module {Module};" : "";
    }

    private static async Task<BalancerProcess> StartAsync(
        string program, string[] options, Func<string, int, string> configure)
    {
        string? path = Find(program);
        if (path is null)
        {
            Assert.Ignore($"{program} is not installed: apt-get install {program}");
        }

        // A port that was free a moment ago may have been given away: then the next one is tried.
        for (int attempt = 0; ; attempt++)
        {
            int port = FreePort();
            string folder = Directory.CreateTempSubdirectory("gain-balancer-").FullName;
            string file = Path.Combine(folder, "configuration");
            await File.WriteAllTextAsync(file, configure(folder, port));
            var start = new ProcessStartInfo(path!, [.. options, file]) { RedirectStandardError = true };
            var balancer = new BalancerProcess(Process.Start(start)!, folder, port);
            if (await balancer.ListensAsync())
            {
                return balancer;
            }

            await balancer.DisposeAsync();
            Assert.That(attempt, Is.LessThan(3), await balancer._output);
        }
    }

    private static string? Find(string program) =>
        new[] { "/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin" }
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    // Neither tells anyone that it listens: the kernel's table of sockets does.
    private async Task<bool> ListensAsync()
    {
        var clock = Stopwatch.StartNew();
        string wanted = $"0100007F:{Port:X4} 00000000:0000 0A";
        while (!File.ReadLines("/proc/net/tcp").Any(line => line.Contains(wanted, StringComparison.Ordinal)))
        {
            if (_process.HasExited || clock.Elapsed > Clients.Patience)
            {
                return false;
            }

            await Task.Yield();
        }

        return true;
    }

    public Task<Socket> ConnectAsync() => Clients.ConnectAsync(new IPEndPoint(IPAddress.Loopback, Port));

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_folder))
        {
            return;
        }

        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().WaitAsync(Clients.Patience);
        await _output.WaitAsync(Clients.Patience);
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
