using System.Diagnostics.Metrics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gain.Hosting.Tests;

public sealed class HostingTests
{
    private const string Url = "Gain:Servers:echo:Endpoints:main:Url";

    [Test]
    public async Task Server_of_the_configuration_serves_while_its_host_runs()
    {
        using IHost host = TestHost.Build(
            services => services.AddGainServer<Echo>("echo"),
            (Url, "tcp://127.0.0.1:0"),
            ("Gain:Servers:echo:WorkerCount", "1"),
            ("Gain:Servers:echo:Limits:MaxConnections", "7"));
        await host.StartAsync();
        HostedGainServer hosted = TestHost.Of(host, "echo");
        Assert.That(hosted.Server.WorkerCount, Is.EqualTo(1));
        Assert.That(hosted.IsReady);
        Assert.That(await TestHost.AskAsync(host, "echo", "hello"), Is.EqualTo("hello"));

        await host.StopAsync();
        Assert.That(hosted.IsReady, Is.False);
        Assert.That(hosted.Server.Completion.IsCompletedSuccessfully);
    }

    [Test]
    public async Task Several_servers_have_addresses_options_and_prototypes_of_their_own()
    {
        using IHost host = TestHost.Build(
            services =>
            {
                services.AddSingleton(new Greeting("from a service"));
                services.AddGainServer<Greeter>("first")
                    .Listen("tcp://127.0.0.1:0")
                    .Configure(options => options.WorkerCount = 1)
                    .WithPrototype(provider => new Greeter(provider.GetRequiredService<Greeting>()));
                services.AddGainServer<Greeter>("second")
                    .Listen("tcp://127.0.0.1:0")
                    .WithPrototype(_ => new Greeter(new Greeting("its own")));
            },
            ("Gain:Servers:second:WorkerCount", "2"));
        await host.StartAsync();
        Assert.That(await TestHost.AskAsync(host, "first", "?"), Is.EqualTo("from a service"));
        Assert.That(await TestHost.AskAsync(host, "second", "?"), Is.EqualTo("its own"));
        Assert.That(TestHost.Of(host, "second").Server.WorkerCount, Is.EqualTo(2));
        await host.StopAsync();
    }

    [Test]
    public async Task Allow_list_of_the_configuration_lets_nobody_else_in()
    {
        using IHost host = TestHost.Build(
            services => services.AddGainServer<Echo>("echo"),
            (Url, "tcp://127.0.0.1:0"),
            ("Gain:Servers:echo:Accepting:AllowedNetworks:0", "192.0.2.0/24"));
        await host.StartAsync();
        using Socket client = await TestHost.ConnectAsync(host, "echo");
        int received;
        try
        {
            received = await client.ReceiveAsync(new byte[1]).WaitAsync(TestHost.Patience);
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            received = 0;
        }

        Assert.That(received, Is.Zero);
        Assert.That(TestHost.Of(host, "echo").Server.Statistics.RefusedByFilter, Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task Health_check_is_unhealthy_from_the_begin_of_a_stop_on()
    {
        using IHost host = TestHost.Build(
            services => services.AddGainServer<Echo>("echo").WithHealthCheck(), (Url, "tcp://127.0.0.1:0"));
        HealthCheckService health = host.Services.GetRequiredService<HealthCheckService>();
        HealthReport early = await health.CheckHealthAsync();
        Assert.That(early.Status, Is.EqualTo(HealthStatus.Unhealthy), "not started");
        await host.StartAsync();
        HealthReport ready = await health.CheckHealthAsync(check => check.Tags.Contains("ready"));
        Assert.That(ready.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(ready.Entries["echo"].Description, Does.StartWith("echo accepts at "));

        HealthStatus during = HealthStatus.Healthy;
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(
            () => during = health.CheckHealthAsync().GetAwaiter().GetResult().Status);
        await host.StopAsync();
        Assert.That(during, Is.EqualTo(HealthStatus.Unhealthy), "while it stops");
        Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Unhealthy), "stopped");
    }

    [Test]
    public async Task Stop_answers_what_came_and_ends_at_the_hosts_timeout()
    {
        using IHost host = TestHost.Build(
            services => services
                .AddGainServer<Echo>("echo")
                .Configure(options => options.Timeouts.Drain = TimeSpan.FromHours(1)),
            (Url, "tcp://127.0.0.1:0"),
            ("Gain:Servers:echo:Timeouts:Linger", "01:00:00"));
        await host.StartAsync();
        using Socket client = await TestHost.ConnectAsync(host, "echo");
        await client.SendAsync("last"u8.ToArray()).WaitAsync(TestHost.Patience);
        byte[] answer = new byte[4];
        Assert.That(await client.ReceiveAsync(answer).WaitAsync(TestHost.Patience), Is.EqualTo(4));

        // The client never closes its side, so that only the token ends the stop.
        using var timeout = new CancellationTokenSource();
        Task stopping = host.StopAsync(timeout.Token);
        Assert.That(await client.ReceiveAsync(answer).WaitAsync(TestHost.Patience), Is.Zero, "FIN");
        Assert.That(stopping.IsCompleted, Is.False);
        await timeout.CancelAsync();
        try
        {
            await stopping.WaitAsync(TestHost.Patience);
        }
        catch (OperationCanceledException cancelled)
        {
            Assert.That(cancelled.CancellationToken, Is.Not.EqualTo(CancellationToken.None));
        }

        Assert.That(TestHost.Of(host, "echo").Server.Completion.IsCompleted);
    }

    [Test]
    public async Task Meter_is_of_the_hosts_factory()
    {
        using IHost host = TestHost.Build(
            services => services.AddMetrics().AddGainServer<Echo>("echo"), (Url, "tcp://127.0.0.1:0"));
        IMeterFactory factory = host.Services.GetRequiredService<IMeterFactory>();
        long accepted = -1;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "gain.connections.accepted" && instrument.Meter.Scope == factory)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => accepted = value);
        listener.Start();
        await host.StartAsync();
        Assert.That(await TestHost.AskAsync(host, "echo", "hello"), Is.EqualTo("hello"));
        listener.RecordObservableInstruments();
        Assert.That(accepted, Is.EqualTo(1));
        await host.StopAsync();
    }

    [Test]
    public async Task Servers_and_their_statistics_are_services()
    {
        using IHost host = TestHost.Build(
            services =>
            {
                services.AddGainServer<Echo>("one").Listen("tcp://127.0.0.1:0");
                services.AddGainServer<Echo>("two").Listen("tcp://127.0.0.1:0");
            });
        HostedGainServer[] all = [.. host.Services.GetServices<HostedGainServer>()];
        Assert.That(all.Select(one => one.Name), Is.EqualTo(["one", "two"]));
        Assert.That(all[1], Is.SameAs(TestHost.Of(host, "two")));
        Assert.That(all[1].Statistics, Is.EqualTo(default(GainStatistics)), "not started");
        await host.StartAsync();
        Assert.That(await TestHost.AskAsync(host, "two", "hello"), Is.EqualTo("hello"));
        Assert.That(all.Select(one => one.Statistics.BytesIn), Is.EqualTo([0L, 5L]));
        await host.StopAsync();
    }

    [Test]
    public void Server_before_the_start_says_when_there_is_one()
    {
        using IHost host = TestHost.Build(services => services.AddGainServer<Echo>("echo"));
        InvalidOperationException early = Assert.Throws<InvalidOperationException>(
            () => _ = TestHost.Of(host, "echo").Server)!;
        Assert.That(early.Message, Does.StartWith("The server \"echo\" is not started"));
    }
}
