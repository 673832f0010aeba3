using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gain.Bench.Peers;

/// <summary>HTTP over TLS 1.3 with a body of a given length.</summary>
internal static class SecureServers
{
    private const int BufferBytes = 16_384;

    /// <summary>Kestrel with UseHttps.</summary>
    public static Task RunKestrelAsync(int port, X509Certificate2 certificate, byte[] body)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate)));
        WebApplication app = builder.Build();
        app.Run(context =>
        {
            context.Response.ContentType = "text/plain";
            context.Response.ContentLength = body.Length;
            return context.Response.Body.WriteAsync(body).AsTask();
        });
        return app.RunAsync();
    }

    /// <summary>SslStream on plain sockets.</summary>
    public static async Task RunStreamAsync(int port, X509Certificate2 certificate, byte[] body)
    {
        byte[] answer =
        [
            .. Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n"),
            .. body,
        ];
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null),
            EnabledSslProtocols = SslProtocols.Tls13,
        };
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4_096);
        while (true)
        {
            Socket client = await listener.AcceptAsync();
            client.NoDelay = true;
            _ = ServeAsync(client, options, answer);
        }
    }

    private static async Task ServeAsync(Socket client, SslServerAuthenticationOptions options, byte[] answer)
    {
        await using var stream = new SslStream(new NetworkStream(client, ownsSocket: true));
        var requests = new RequestCounter();
        byte[] buffer = new byte[BufferBytes];
        try
        {
            await stream.AuthenticateAsServerAsync(options);
            while (await stream.ReadAsync(buffer) is > 0 and int length)
            {
                for (int count = requests.Count(buffer.AsSpan(0, length)); count > 0; count--)
                {
                    await stream.WriteAsync(answer);
                }
            }
        }
        catch (Exception end) when (end is IOException or AuthenticationException)
        {
            // The client has gone: the load ends its connections by a reset.
        }
    }
}
