using Gain.Hosting;
#if (tls)
using Gain.Tls;
#endif
#if (telemetry)
using OpenTelemetry.Metrics;
#endif

HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);

// The first to be added is the last to stop: it answers probes while the other finishes what is open.
builder.Services.AddGainServer<Probes>("probes").WithPrototype(
    services => new Probes(services.GetRequiredKeyedService<HostedGainServer>("echo")));
#if (tls)
builder.Services.AddGainServer<Echo>("echo").WithCertificates((server, certificate) => server.UseTls(
    new TlsServerOptions
    {
        Certificate = TlsCertificate.FromPemFile(certificate.Path, certificate.KeyPath),
        ReloadInterval = TimeSpan.FromSeconds(10),
    }));
#else
builder.Services.AddGainServer<Echo>("echo");
#endif
#if (telemetry)

// OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_PROTOCOL say where to, and how.
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Gain").AddOtlpExporter());
#endif
await builder.Build().RunAsync();
