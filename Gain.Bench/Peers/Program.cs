using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Gain.Bench.Peers;

// gain-peers SERVER http|echo PORT
// gain-peers kestrel-https|ssl-stream BYTES PORT CERTIFICATE KEY
if (args is ["kestrel-https" or "ssl-stream", string bytes, string at, string certificate, string key])
{
    byte[] body = [.. Enumerable.Repeat((byte)'x', int.Parse(bytes, CultureInfo.InvariantCulture))];
    X509Certificate2 own = X509Certificate2.CreateFromPemFile(certificate, key);
    int securePort = int.Parse(at, CultureInfo.InvariantCulture);
    await (args[0] == "ssl-stream"
        ? SecureServers.RunStreamAsync(securePort, own, body)
        : SecureServers.RunKestrelAsync(securePort, own, body));
    return 0;
}

if (args is not [string name, "http" or "echo", string number]
    || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
    || !PeerServers.All.TryGetValue(name, out Func<bool, int, Task>? run))
{
    Console.Error.WriteLine(
        $"gain-peers SERVER http|echo PORT, SERVER is one of {string.Join(", ", PeerServers.All.Keys)}");
    return 2;
}

await run(args[1] == "http", port);
return 0;
