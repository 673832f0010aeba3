using System.Globalization;
using Gain;
using Gain.Bench.Secure;
using Gain.Tls;

// gain-secure BYTES PORT CERTIFICATE KEY: HTTP over TLS, one worker, with a body of so many bytes.
if (args is not [string bytes, string port, string certificate, string key]
    || !int.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out int length))
{
    Console.Error.WriteLine("gain-secure BYTES PORT CERTIFICATE KEY");
    return 2;
}

const int Room = 2 << 20;
var options = new GainOptions
{
    WorkerCount = 1,
    Limits = { MaxOutboundBytes = Room + length, OutboundHighWatermarkBytes = Room },
};
await using var server = GainServer
    .Listen(new BodyHandler(BodyHandler.Answer(length)), $"tls://127.0.0.1:{port}")
    .UseTls(new TlsServerOptions { Certificate = TlsCertificate.FromPemFile(certificate, key) })
    .Start(options);
await server.WaitForShutdownAsync();
return 0;
