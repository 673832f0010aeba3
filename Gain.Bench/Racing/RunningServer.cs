using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>A server that accepts connections, until it is disposed of.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private const int PollMs = 20;

    // After the first connect: what a server does once it listens is not to fall into the measurement.
    private const int SettleMs = 300;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);

    private RunningServer(Child child, int port)
    {
        Child = child;
        Port = port;
    }

    public Child Child { get; }

    public int Port { get; }

    /// <summary>Starts a server, pinned to a CPU, and waits until it accepts connections.</summary>
    /// <exception cref="BenchException">It does not come up; the message has what it wrote.</exception>
    public static async Task<RunningServer> StartAsync(
        Contender contender, LoadKind load, int cpu, string floor, CancellationToken cancellation)
    {
        int port = Ports.FindFree();
        (List<string> words, Dictionary<string, string> variables) = contender.Expand(
            load.Handler, port, cpu, floor);
        var server = new RunningServer(Child.Start(words, variables), port);
        try
        {
            await server.WaitUntilUpAsync(contender.Name, load.IsDatagram, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Child.DisposeAsync();

    private async Task WaitUntilUpAsync(string name, bool isDatagram, CancellationToken cancellation)
    {
        long started = Environment.TickCount64;
        while (!await (isDatagram
            ? Ports.EchoesDatagramAsync(Port, cancellation)
            : Ports.IsOpenAsync(Port, cancellation)))
        {
            if (Child.HasExited)
            {
                await Child.WaitAsync(cancellation);
                string end = $"{name} ended with status {Child.ExitCode}. {Child.Errors}";
                throw new BenchException(end.TrimEnd());
            }

            if (Environment.TickCount64 - started > s_startLimit.TotalMilliseconds)
            {
                string silence = $"{name} does not answer after {s_startLimit.TotalSeconds:0} s.";
                throw new BenchException($"{silence} {Child.Errors}".TrimEnd());
            }

            await Task.Delay(PollMs, cancellation);
        }

        await Task.Delay(SettleMs, cancellation);
    }
}
