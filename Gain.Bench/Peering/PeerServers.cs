using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Peering;

/// <summary>The servers that are raced, each on one thread of work, with what its makers recommend.</summary>
internal static partial class PeerServers
{
    public const string Redis = "redis";

    private const int MostConnections = 20_000;

    private static readonly string[] s_both = ["http", "echo"];
    private static readonly string[] s_http = ["http"];
    private static readonly string[] s_resp = ["resp"];
    private static readonly TimeSpan s_versionLimit = TimeSpan.FromSeconds(20);

    /// <param name="own">Gain's programs.</param>
    /// <param name="peers">The program of the peers in .NET, gain-peers.dll.</param>
    /// <param name="cancellation">Ends what asks for versions.</param>
    public static async Task<Peer[]> FindAsync(
        OwnPrograms own, string peers, CancellationToken cancellation)
    {
        string gain = own.Cli;
        string runtime = RuntimeInformation.FrameworkDescription;
        string node = await VersionAsync(["node", "--version"], cancellation);
        string haproxy = await VersionAsync([Programs.Find("haproxy"), "-v"], cancellation);
        string redis = await VersionAsync([Programs.Find("redis-server"), "--version"], cancellation);
        string nginx = await VersionAsync([Programs.Find("nginx"), "-v"], cancellation);
        return
        [
            new(Contender.Floor(), "hand-written C on io_uring", "", s_both),
            new(Contender.Gain(gain, arguments: Room), "io_uring, NativeAOT", runtime, s_both),
            new(
                Contender.Gain(gain, "epoll", Room) with { Name = "gain-epoll" },
                "epoll, NativeAOT", runtime, s_both),
            new(
                new Contender("gain-session", $"\"{own.Sessions}\" session {{handler}} {{port}}"),
                "io_uring, a session that awaits", runtime, s_both),
            OfDotNet("kestrel", "Kestrel below HTTP, inline", runtime, s_both),
            OfDotNet("minimal-api", "ASP.NET Core, a minimal API", runtime, s_http),
            OfDotNet("event-args", "SocketAsyncEventArgs", runtime, s_both),
            OfDotNet("dotnetty", "DotNetty", $"0.7.6, {runtime}", s_both),
            new(
                new Contender("node", $"node {NodeScript} {{handler}} {{port}}"),
                "Node.js, net", node, s_both),
            new(HAProxy(), "HAProxy, an answer from its rules", haproxy, s_http),
            new(Nginx(), "nginx, an answer from its rules", nginx, s_http),
            new(
                new Contender("gain-resp", $"\"{own.Resp}\" tcp://127.0.0.1:{{port}}"),
                "the store of docs/protocols.md", runtime, s_resp),
            new(
                new Contender(Redis, $"{Programs.Find("redis-server")} {RedisOptions} --port {{port}}"),
                "Redis, nothing saved", redis, s_resp),
        ];

        Peer OfDotNet(string name, string what, string version, string[] handlers) => new(
            new Contender(name, $"dotnet \"{peers}\" {name} {{handler}} {{port}}"), what, version, handlers);
    }

    private static string Room => $"--max-connections {MostConnections}";

    private static string RedisOptions =>
        $"--bind 127.0.0.1 --save \"\" --appendonly no --daemonize no --maxclients {MostConnections}";

    private static string NodeScript => Path.Combine(Repository.Root, "Gain.Bench", "Peers", "node.js");

    private static Contender HAProxy() => new("haproxy", $"{Programs.Find("haproxy")} -db -f {{file}}")
    {
        Configuration = port => $"""
            global
              nbthread 1
              no strict-limits
              maxconn {MostConnections}
            defaults
              mode http
              timeout client 60s
            frontend web
              bind 127.0.0.1:{port} backlog 4096
              http-request return status 200 content-type text/plain string "Hello, World!"

            """,
    };

    private static Contender Nginx() => new("nginx", $"{Programs.Find("nginx")} -e stderr -c {{file}}")
    {
        Configuration = port => $$"""
            daemon off;
            master_process off;
            worker_processes 1;
            pid /dev/null;
            error_log stderr crit;
            events { worker_connections {{MostConnections}}; use epoll; multi_accept on; }
            http {
              access_log off;
              keepalive_requests 1000000000;
              keepalive_timeout 3600s;
              default_type text/plain;
              server {
                listen 127.0.0.1:{{port}} backlog=4096;
                location / { return 200 "Hello, World!"; }
              }
            }

            """,
    };

    private static async Task<string> VersionAsync(string[] words, CancellationToken cancellation)
    {
        await using Child asked = await Child.RunAsync(words, s_versionLimit, cancellation);
        return Number().Match($"{asked.Output} {asked.Errors}").Value;
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?")]
    private static partial Regex Number();
}
