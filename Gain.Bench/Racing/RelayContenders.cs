using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>Balancers that pass bytes to one backend: each on one thread, and without what it need not
/// do.</summary>
internal static class RelayContenders
{
    public const string HAProxy = "haproxy";

    private const string StreamHint = " with its stream module (libnginx-mod-stream)";

    // Debian has it in a file of its own, and others do not.
    private const string StreamModule = "/usr/lib/nginx/modules/ngx_stream_module.so";

    public static Contender Gain(string program, int backend, string ring, bool splices = false) =>
        new(splices ? "gain-splice" : "gain", $"\"{program}\" {{file}}")
        {
            Configuration = port => $$"""
                {
                  "workers": 1,
                  "ring": "{{ring}}",
                  "listeners": [ { "address": "tcp://127.0.0.1:{{port}}", "pool": "echo" } ],
                  "pools": { "echo": {
                    "backends": ["tcp://127.0.0.1:{{backend}}"],
                    "splice": {{(splices ? "true" : "false")}}
                  } }
                }
                """,
        };

    /// <param name="backend">The backend's port.</param>
    /// <param name="name">What the table calls it.</param>
    /// <param name="option">One more line of its defaults.</param>
    public static Contender OfHAProxy(int backend, string name = HAProxy, string option = "") =>
        new(name, $"{Programs.Find("haproxy")} -db -f {{file}}")
        {
            Configuration = port => $"""
                global
                  nbthread 1
                  maxconn 4000
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  {option}
                listen relay
                  bind 127.0.0.1:{port}
                  server echo 127.0.0.1:{backend}

                """,
        };

    public static Contender OfNginx(int backend) => new(
        "nginx", $"{Programs.Find("nginx", StreamHint)} -e stderr -c {{file}}")
    {
        Configuration = port => $$"""
            {{(File.Exists(StreamModule) ? $"load_module {StreamModule};" : "")}}
            daemon off;
            master_process off;
            worker_processes 1;
            pid /dev/null;
            error_log stderr crit;
            events { worker_connections 8192; use epoll; multi_accept on; }
            stream {
              server { listen 127.0.0.1:{{port}}; proxy_pass 127.0.0.1:{{backend}}; }
            }

            """,
    };
}
