using System.CommandLine;
using System.Diagnostics;
using Gain.Bench.Racing;
using Gain.Bench.Tools;
using Gain.Rings;
using Gain.Slots;
using Gain.Uring;

namespace Gain.Bench.Commands;

/// <summary><c>timers</c>: what armed timers cost a worker that does nothing else.</summary>
internal static class TimersCommand
{
    private static readonly Option<int> s_count = Options.Number(
        "--count", "How many timers are armed.", 1_000_000, 1);

    private static readonly Option<int> s_period = Options.Number(
        "--period-ms", "The timeout of each, in milliseconds.", 60_000, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(10);

    public static Command Create()
    {
        var command = new Command(
            "timers",
            "Keeps idle timeouts of connections armed, as a worker does: each that fires is armed again.")
        {
            s_count, s_period, s_seconds,
        };
        command.SetAction(Run);
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        int count = parsed.GetValue(s_count);
        int period = parsed.GetValue(s_period);
        using var wheel = new TimerWheel(count);
        using Ring ring = Ring.Create(new RingOptions { Entries = 8 });
        long start = MonotonicClock.NowMs;
        for (int i = 0; i < count; i++)
        {
            // Connections that came evenly over one period.
            wheel.Arm(i, start, TimerWheel.Coarsen(start + 1 + ((long)i * period / count), period));
        }

        // The first second compiles the loop.
        Turn(wheel, ring, period, TimeSpan.FromSeconds(1));
        TimeSpan before = Process.GetCurrentProcess().TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        var time = TimeSpan.FromSeconds(parsed.GetValue(s_seconds));
        (long fired, long wakes) = Turn(wheel, ring, period, time);
        TimeSpan elapsed = clock.Elapsed;
        TimeSpan used = Process.GetCurrentProcess().TotalProcessorTime - before;
        Console.WriteLine(Machine.Describe());
        var table = new TextTable("timers", "period ms", "seconds", "fired/s", "wakes/s", "CPU");
        table.Add(
            $"{count:N0}",
            $"{period:N0}",
            $"{elapsed.TotalSeconds:0.#}",
            $"{fired / elapsed.TotalSeconds:N0}",
            $"{wakes / elapsed.TotalSeconds:N0}",
            $"{used / elapsed:0.00%}");
        table.Print(Console.Out);
        return 0;
    }

    private static (long Fired, long Wakes) Turn(TimerWheel wheel, Ring ring, int periodMs, TimeSpan time)
    {
        long fired = 0;
        long wakes = 0;
        long end = MonotonicClock.NowMs + (long)time.TotalMilliseconds;
        long now = MonotonicClock.NowMs;
        while (now < end)
        {
            ring.SubmitAndWait(1, Math.Max(0, Math.Min(wheel.NextDueMs, end) - now) * 1_000_000);
            now = MonotonicClock.NowMs;
            wakes++;
            while (wheel.TryExpire(now, out int timer))
            {
                wheel.Arm(timer, now, TimerWheel.Coarsen(now + periodMs, periodMs));
                fired++;
            }
        }

        return (fired, wakes);
    }
}
