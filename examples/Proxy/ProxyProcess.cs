using System.Runtime.InteropServices;
using Gain.Proxy.Configuration;

namespace Gain.Proxy;

/// <summary>The balancer from its start to a signal that stops it.</summary>
internal static class ProxyProcess
{
    /// <exception cref="ConfigurationException">The file cannot be used.</exception>
    /// <exception cref="GainException">It cannot be started, or has failed.</exception>
    public static async Task RunAsync(string path)
    {
        (string text, ProxySection section) = ConfigurationFile.Read(path);
        await using Balancer balancer = await Balancer.StartAsync(section);

        // Signals are handled from here on; who reads the banner may send one at once.
        // Gain's own handlers begin the stop.
        Task stopped = balancer.Server.WaitForShutdownAsync();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => balancer.EndChecks());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => balancer.EndChecks());
        await using var reloads = new Reloads(path, text, balancer);
        Console.WriteLine($"gain-proxy: listening on {string.Join(", ", balancer.Server.Addresses)}");
        Console.WriteLine(
            $"gain-proxy: {balancer.Server.WorkerCount} workers, {balancer.Server.RingDescription}");
        Console.WriteLine("gain-proxy: SIGHUP or a change of the file reads it again");
        Console.WriteLine("gain-proxy: Ctrl+C or SIGTERM stops it; open relays may end first");
        try
        {
            await stopped;
        }
        finally
        {
            GainStatistics counted = balancer.Server.Statistics;
            Console.WriteLine(
                $"gain-proxy: stopped; {counted.Accepted} clients, {counted.BytesIn} bytes in, "
                + $"{counted.BytesOut} bytes out, {counted.HandlerFaults} faults, "
                + $"{counted.AllocatedBytes} bytes allocated by workers");
        }
    }
}
