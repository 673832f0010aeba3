using Gain.Bench.Tools;

namespace Gain.Bench.Racing;

/// <summary>
/// Runs servers in paired rounds: each round runs every server once under the same load, so that what the
/// machine does meanwhile meets all of them alike.
/// </summary>
internal sealed class Race(
    IReadOnlyList<Contender> contenders, LoadRun load, string floor, int rounds, int serverCpu)
{
    private readonly List<Round> _rounds = [];

    /// <summary>What has been run.</summary>
    public IReadOnlyList<Round> Rounds => _rounds;

    /// <summary>Runs all rounds of a load.</summary>
    public Task RunAsync(LoadKind kind, CancellationToken cancellation) =>
        RunAsync(kind, contenders, cancellation);

    /// <summary>Runs all rounds of a load with those who can be put under it.</summary>
    public async Task RunAsync(
        LoadKind kind, IReadOnlyList<Contender> racing, CancellationToken cancellation)
    {
        for (int number = 1; number <= rounds; number++)
        {
            // Every round begins with another server, so that none always follows the same one.
            for (int i = 0; i < racing.Count; i++)
            {
                Contender contender = racing[(i + number - 1) % racing.Count];
                Round round = await RunOnceAsync(kind, number, contender, cancellation);
                _rounds.Add(round);
                string outcome = round.Counts
                    ? $"{round.Report!.ServerNsPerMessage:0} ns"
                    : $"FAILED, {round.Failure}";
                Console.Error.WriteLine($"{kind.Name} {number}/{rounds} {contender.Name}: {outcome}");
            }
        }
    }

    private async Task<Round> RunOnceAsync(
        LoadKind kind, int number, Contender contender, CancellationToken cancellation)
    {
        try
        {
            await using RunningServer server = await RunningServer.StartAsync(
                contender, kind, serverCpu, floor, cancellation);
            LoadReport report = await load.RunAsync<LoadReport>(
                kind.Mode, kind.Arguments, server, cancellation);
            return Round.Of(kind.Name, number, contender.Name, report);
        }
        catch (BenchException failure)
        {
            return new Round(kind.Name, number, contender.Name, null, failure.Message);
        }
    }
}
