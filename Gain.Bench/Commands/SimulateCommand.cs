using System.CommandLine;
using System.Diagnostics;
using Gain.Tests.Simulation;
using Gain.Tests.Simulation.Dialled;
using Gain.Tests.Simulation.Outgoing;

namespace Gain.Bench.Commands;

/// <summary><c>simulate</c>: whole workers on a simulated kernel, seed after seed.</summary>
internal static class SimulateCommand
{
    // Which seeds are run a second time, with answers that come later.
    private const ulong DeferringEach = 4;
    private const ulong OthersEach = 10;

    private static readonly Option<double> s_minutes = Options.Time(
        "--minutes", "How long to run seeds, in minutes; 0 for --count of them.", 0, least: 0);

    private static readonly Option<ulong> s_seed = new("--seed")
    {
        Description = "The first seed, or the only one with --trace.",
    };

    private static readonly Option<int> s_count = Options.Number(
        "--count", "How many seeds to run, without --minutes.", 1, 1);

    private static readonly Option<bool> s_trace = new("--trace")
    {
        Description = "Prints everything that happens.",
    };

    private static readonly Option<bool> s_verbose = new("--verbose")
    {
        Description = "Prints each seed before it runs, so that one which kills the process is known.",
    };

    private static readonly Option<bool> s_splices = new("--splices")
    {
        Description = "The kernel moves the bytes of coupled connections, in every seed.",
    };

    private static readonly Option<bool> s_layers = new("--layers")
    {
        Description = "Runs the seeds with a layer between sockets and protocols, and nothing else.",
    };

    private static readonly Option<bool> s_outgoing = new("--outgoing")
    {
        Description = "Runs workers that dial again and keep connections, and nothing else.",
    };

    private static readonly Option<bool> s_datagrams = new("--datagrams")
    {
        Description = "Runs workers that dial sockets for datagrams, and nothing else.",
    };

    private static readonly Option<bool> s_keepGoing = new("--keep-going")
    {
        Description = "Goes on after a seed that fails.",
    };

    public static Command Create()
    {
        var command = new Command("simulate", "Runs workers on a simulated kernel that injects every fault.")
        {
            s_minutes, s_seed, s_count, s_trace, s_verbose, s_layers, s_splices, s_outgoing, s_datagrams,
            s_keepGoing,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken cancellation)
    {
        ulong seed = parsed.GetValue(s_seed);
        double minutes = parsed.GetValue(s_minutes);
        long count = minutes > 0 ? long.MaxValue : parsed.GetValue(s_count);
        TextWriter? trace = parsed.GetValue(s_trace) ? Console.Out : null;
        long started = Stopwatch.GetTimestamp();
        long done = 0;
        long failed = 0;
        while (done < count
            && !cancellation.IsCancellationRequested
            && (minutes <= 0 || Stopwatch.GetElapsedTime(started).TotalMinutes < minutes))
        {
            if (parsed.GetValue(s_verbose))
            {
                Console.WriteLine($"seed {seed}");
            }

            if (!TryRun(seed, trace, parsed))
            {
                failed++;
                if (!parsed.GetValue(s_keepGoing))
                {
                    return 1;
                }
            }

            seed++;
            done++;
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        Console.WriteLine(
            $"{done - failed:N0} seeds passed, {failed:N0} failed in {elapsed.TotalSeconds:N1} s; "
            + $"the next is {seed}.");
        return failed == 0 ? 0 : 1;
    }

    private static bool TryRun(ulong seed, TextWriter? trace, ParseResult parsed)
    {
        try
        {
            if (parsed.GetValue(s_outgoing))
            {
                OutgoingSimulator.Run(seed, trace);
                return true;
            }

            if (parsed.GetValue(s_splices))
            {
                Simulator.Run(seed, trace, plan: ProtocolPlan.Splicing);
                Simulator.Run(seed, trace, plan: ProtocolPlan.Splicing, dials: true);
                return true;
            }

            if (parsed.GetValue(s_datagrams))
            {
                DialledSimulator.Run(seed);
                return true;
            }

            if (parsed.GetValue(s_layers))
            {
                RunLayers(seed, trace);
                return true;
            }

            Simulator.Run(seed, trace);
            if (seed % DeferringEach == 0)
            {
                Simulator.Run(seed, trace, plan: ProtocolPlan.Deferring);
                foreach (ProtocolPlan plan in ProtocolPlan.Sessions)
                {
                    Simulator.Run(seed, trace, plan: plan);
                }
            }

            if (seed % OthersEach == 0)
            {
                Simulator.Run(seed, trace, dials: true);
                Simulator.Run(seed, trace, names: true);
                Simulator.Run(seed, trace, plan: ProtocolPlan.HalfClosing, dials: true);
                Simulator.Run(seed, trace, plan: ProtocolPlan.Coupling, dials: true);
                Simulator.Run(seed, trace, plan: ProtocolPlan.Splicing, dials: true);
                RunLayers(seed, trace);
                OutgoingSimulator.Run(seed, trace);
                DialledSimulator.Run(seed);
            }

            return true;
        }
        catch (SimulationException broken)
        {
            Console.Error.WriteLine(trace is null ? broken.Message : broken.ToString());
            return false;
        }
    }

    private static void RunLayers(ulong seed, TextWriter? trace)
    {
        Simulator.Run(seed, trace, layers: true);
        Simulator.Run(seed, trace, plan: ProtocolPlan.Upgrading, layers: true);
        Simulator.Run(seed, trace, plan: ProtocolPlan.HalfClosing, layers: true);
    }
}
