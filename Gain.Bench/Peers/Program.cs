using System.Globalization;
using Gain.Bench.Peers;

// gain-peers SERVER HANDLER PORT
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
