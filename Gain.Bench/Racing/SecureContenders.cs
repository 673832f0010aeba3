using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>Servers of HTTP over TLS 1.3, each on one thread of work and with the same certificate.</summary>
/// <param name="certificate">Its file, in PEM.</param>
/// <param name="key">And that of its key.</param>
internal sealed class SecureContenders(string certificate, string key)
{
    public const string Nginx = "nginx";

    private const int MostRuleBytes = 8_192; // HAProxy has answers in a buffer of its rules

    /// <summary>With a new certificate for ECDSA on P-256, as most servers have it today.</summary>
    public static SecureContenders Create()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", pair, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 own = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        string folder = Repository.BuildFolder("files");
        string certificate = Path.Combine(folder, "certificate.pem"), key = Path.Combine(folder, "key.pem");
        File.WriteAllText(certificate, own.ExportCertificatePem() + "\n");
        File.WriteAllText(key, pair.ExportPkcs8PrivateKeyPem());
        return new SecureContenders(certificate, key);
    }

    /// <summary>Those who can be put under a load.</summary>
    /// <param name="gain">The published Gain.Bench/Secure.</param>
    /// <param name="peers">gain-peers.dll.</param>
    /// <param name="kind">The load.</param>
    public Contender[] All(string gain, string peers, LoadKind kind)
    {
        int bytes = int.Parse(kind.Handler);
        Contender[] all =
        [
            OfNginx(bytes), Gain(gain), OfDotNet(peers, "ssl-stream"), OfDotNet(peers, "kestrel-https"),
        ];
        return bytes > MostRuleBytes ? all : [.. all, OfHAProxy()];
    }

    private Contender Gain(string program) =>
        new("gain", $"\"{program}\" {{handler}} {{port}} \"{certificate}\" \"{key}\"");

    /// <param name="peers">gain-peers.dll.</param>
    /// <param name="name">Of the server in it.</param>
    private Contender OfDotNet(string peers, string name) =>
        new(name, $"dotnet \"{peers}\" {name} {{handler}} {{port}} \"{certificate}\" \"{key}\"");

    /// <summary>Serves a file of that length: its own answers have none so long.</summary>
    private Contender OfNginx(int bodyBytes)
    {
        string root = Repository.BuildFolder($"www-{bodyBytes}");
        File.WriteAllText(Path.Combine(root, "plaintext"), new string('x', bodyBytes));
        return new Contender(Nginx, $"{Programs.Find("nginx")} -e stderr -c {{file}}")
        {
            Configuration = port => $$"""
                daemon off;
                master_process off;
                worker_processes 1;
                pid /dev/null;
                error_log stderr crit;
                events { worker_connections 8192; use epoll; multi_accept on; }
                http {
                  access_log off;
                  sendfile on;
                  keepalive_requests 1000000000;
                  keepalive_timeout 3600s;
                  default_type text/plain;
                  open_file_cache max=16;
                  server {
                    listen 127.0.0.1:{{port}} ssl backlog=4096;
                    ssl_certificate {{certificate}};
                    ssl_certificate_key {{key}};
                    ssl_protocols TLSv1.3;
                    root {{root}};
                  }
                }

                """,
        };
    }

    /// <summary>Answers from its rules, which hold short bodies only.</summary>
    private Contender OfHAProxy()
    {
        string both = certificate + ".both";
        File.WriteAllText(both, File.ReadAllText(certificate) + File.ReadAllText(key));
        return new Contender("haproxy", $"{Programs.Find("haproxy")} -db -f {{file}}")
        {
            Configuration = port => $"""
                global
                  nbthread 1
                  maxconn 8192
                defaults
                  mode http
                  timeout client 60s
                frontend web
                  bind 127.0.0.1:{port} backlog 4096 ssl crt {both} ssl-min-ver TLSv1.3
                  http-request return status 200 content-type text/plain string "Hello, World!"

                """,
        };
    }
}
