using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Gain.Bench.Peers;

/// <summary>ASP.NET Core as most people write it.</summary>
internal static class MinimalApiServer
{
    public static Task RunAsync(bool isHttp, int port)
    {
        if (!isHttp)
        {
            throw new ArgumentException("A minimal API serves HTTP only: take the handler http.");
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        WebApplication app = builder.Build();
        app.MapGet("/{**path}", () => Results.Text("Hello, World!"));
        return app.RunAsync();
    }
}
