using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting.Tests;

/// <summary>A host as programs build it, with a configuration in memory.</summary>
internal static class TestHost
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public static IHost Build(
        Action<IServiceCollection> add, params (string Key, string? Value)[] configuration)
    {
        var settings = new HostApplicationBuilderSettings { DisableDefaults = true };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings);
        builder.Configuration.AddInMemoryCollection(
            configuration.Select(one => KeyValuePair.Create(one.Key, one.Value)));
        builder.Services.Configure<HostOptions>(
            options => options.ShutdownTimeout = TimeSpan.FromSeconds(20));
        add(builder.Services);
        return builder.Build();
    }

    public static HostedGainServer Of(IHost host, string name) =>
        host.Services.GetRequiredKeyedService<HostedGainServer>(name);

    public static async Task<string> AskAsync(IHost host, string name, string request)
    {
        using Socket client = await ConnectAsync(host, name);
        await client.SendAsync(System.Text.Encoding.ASCII.GetBytes(request)).WaitAsync(Patience);
        byte[] answer = new byte[256];
        int received = await client.ReceiveAsync(answer).WaitAsync(Patience);
        return System.Text.Encoding.ASCII.GetString(answer, 0, received);
    }

    public static async Task<Socket> ConnectAsync(IHost host, string name)
    {
        IPEndPoint endPoint = Of(host, name).Server.EndPoints[0];
        var client = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(endPoint).WaitAsync(Patience);
        return client;
    }
}
