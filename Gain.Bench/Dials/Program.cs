using System.Globalization;
using Gain;
using Gain.Bench.Dials;

// gain-dials PORT DIALS TOGETHER: the nanoseconds of CPU time for each dial, as a line.
if (args is not [string port, string dials, string together])
{
    Console.Error.WriteLine("gain-dials PORT DIALS TOGETHER");
    return 2;
}

int most = int.Parse(together, CultureInfo.InvariantCulture);
var count = new DialCount(
    DialTarget.Parse($"tcp://127.0.0.1:{port}"), int.Parse(dials, CultureInfo.InvariantCulture), most);
await using var client = GainClient.Dial(new Dialling(count)).Start(
    new GainOptions { WorkerCount = 1 });
for (int i = 0; i < most; i++)
{
    await client.DialAsync(new Dialling(count), count.Target);
}

double each = await count.Ended;
Console.WriteLine(each.ToString("F0", CultureInfo.InvariantCulture));
return 0;
