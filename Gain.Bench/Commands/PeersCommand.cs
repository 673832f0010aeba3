using System.CommandLine;
using Gain.Bench.Peering;
using Gain.Bench.Racing;
using Gain.Bench.Tools;

namespace Gain.Bench.Commands;

/// <summary><c>peers</c>: Gain beside servers that people know, and the page and charts of it.</summary>
internal static class PeersCommand
{
    private static readonly IReadOnlyDictionary<string, LoadKind> s_all =
        LoadKind.All.Values.Concat(LoadKind.Growing.Values).Concat(LoadKind.Stores.Values)
            .Concat(LoadKind.Secure.Values).ToDictionary(load => load.Name);

    private static readonly Option<int> s_rounds = Options.Number(
        "--rounds", "How often each server runs.", 5, 1);

    private static readonly Option<double> s_seconds = Options.Seconds(2);

    private static readonly Option<double> s_warmUp = Options.WarmUp(1);

    private static readonly Option<string> s_loads = new("--loads")
    {
        Description = $"Which closed loops, separated by commas: {string.Join(", ", s_all.Keys)}.",
        DefaultValueFactory = _ => string.Join(',', s_all.Keys),
    };

    private static readonly Option<string?> s_servers = new("--servers")
    {
        Description = "Which servers, separated by commas; all when not given. floor is always among them.",
    };

    private static readonly Option<bool> s_closedOnly = new("--closed-only")
    {
        Description = "Leaves the open loop and the idle connections out.",
    };

    private static readonly Option<int> s_serverCpu = Options.ServerCpu();

    private static readonly Option<int> s_loadCpu = Options.LoadCpu();

    private static readonly Option<FileInfo?> s_gain = Options.Gain();

    private static readonly Option<DirectoryInfo?> s_write = new("--write")
    {
        Description = $"A folder for {PeersFile.Name}, {PeersPage.Name} and the charts.",
    };

    private static readonly Option<DirectoryInfo?> s_from = new("--from")
    {
        Description = $"Measures nothing: makes the page and the charts of a folder's {PeersFile.Name} anew.",
    };

    private static readonly Option<DirectoryInfo?> s_check = new("--check")
    {
        Description = $"Measures nothing: fails when a folder's page is not what its {PeersFile.Name} gives.",
    };

    public static Command Create()
    {
        var command = new Command("peers", "Races servers that people know, and writes the page of it.")
        {
            s_rounds, s_seconds, s_warmUp, s_loads, s_servers, s_closedOnly, s_serverCpu, s_loadCpu, s_gain,
            s_write, s_from, s_check,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(s_check) is DirectoryInfo check)
        {
            return Check(check.FullName);
        }

        if (parsed.GetValue(s_from) is DirectoryInfo from)
        {
            Write(PeersFile.Read(from.FullName), from.FullName);
            return 0;
        }

        PeersFile file = await MeasureAsync(parsed, cancellation);
        Console.WriteLine(PeersPage.Render(file));
        if (parsed.GetValue(s_write) is DirectoryInfo folder)
        {
            file.Write(folder.FullName);
            Write(file, folder.FullName);
        }

        return 0;
    }

    private static async Task<PeersFile> MeasureAsync(ParseResult parsed, CancellationToken cancellation)
    {
        LoadKind[] kinds = LoadKind.Parse(parsed.GetValue(s_loads)!, s_all);
        NativePrograms programs = await NativePrograms.CompileAsync(cancellation);
        string paced = await NativePrograms.CompilePacedAsync(cancellation);
        string secure = await NativePrograms.CompileSecureAsync(cancellation);
        OwnPrograms own = await PublishAsync(parsed.GetValue(s_gain), cancellation);
        string program = await GainProgram.PublishOwnAsync("Peers", "gain-peers.dll", cancellation);
        Peer[] peers = Choose(
            await PeerServers.FindAsync(own, program, cancellation), parsed.GetValue(s_servers));
        var load = new LoadRun(
            programs.Load, parsed.GetValue(s_loadCpu), parsed.GetValue(s_seconds), parsed.GetValue(s_warmUp));
        int rounds = parsed.GetValue(s_rounds), serverCpu = parsed.GetValue(s_serverCpu);
        var run = new PeersRun(peers, load, paced, programs.Floor) { Rounds = rounds, ServerCpu = serverCpu };
        PeersFile file = await run.MeasureAsync(
            [.. kinds.Where(kind => !IsSecure(kind))], parsed.GetValue(s_closedOnly), cancellation);
        var race = new Race([], load with { Program = secure }, "", rounds, serverCpu);
        var contenders = SecureContenders.Create();
        foreach (LoadKind kind in kinds.Where(IsSecure))
        {
            await race.RunAsync(kind, contenders.All(own.Secure, program, kind), cancellation);
        }

        return file with { Rounds = [.. file.Rounds, .. race.Rounds] };
    }

    private static bool IsSecure(LoadKind kind) => LoadKind.Secure.ContainsKey(kind.Name);

    private static async Task<OwnPrograms> PublishAsync(FileInfo? cli, CancellationToken cancellation) => new(
        await GainProgram.FindOrPublishAsync(cli, cancellation),
        await GainProgram.PublishOwnAsync("Sessions", "gain-sessions", cancellation),
        await GainProgram.PublishOwnAsync("Secure", "gain-secure", cancellation),
        await DocumentedProgram.PublishAsync(
            "protocols.md", "public partial struct Resp", "gain-resp", cancellation));

    private static Peer[] Choose(Peer[] all, string? names)
    {
        if (names is null)
        {
            return all;
        }

        string[] chosen = names.Split(',', StringSplitOptions.TrimEntries);
        string? unknown = chosen.FirstOrDefault(name => all.All(peer => peer.Name != name));
        return unknown is null
            ? [.. all.Where(peer => peer.Name == Contender.FloorName || chosen.Contains(peer.Name))]
            : throw new BenchException(
                $"There is no server {unknown}: take {string.Join(", ", all.Select(peer => peer.Name))}.");
    }

    private static void Write(PeersFile file, string folder)
    {
        File.WriteAllText(Path.Combine(folder, PeersPage.Name), PeersPage.Render(file));
        foreach ((string name, string svg) in PeersCharts.Render(file))
        {
            File.WriteAllText(Path.Combine(folder, name), svg);
        }
    }

    private static int Check(string folder)
    {
        PeersFile file = PeersFile.Read(folder);
        (string Name, string Text)[] expected =
            [(PeersPage.Name, PeersPage.Render(file)), .. PeersCharts.Render(file)];
        string[] wrong =
        [
            .. expected
                .Where(page => !File.Exists(Path.Combine(folder, page.Name))
                    || File.ReadAllText(Path.Combine(folder, page.Name)) != page.Text)
                .Select(page => page.Name),
        ];
        if (wrong.Length > 0)
        {
            Console.WriteLine(
                $"Not what {PeersFile.Name} gives: {string.Join(", ", wrong)}. Run peers --from {folder}.");
        }

        return wrong.Length > 0 ? 1 : 0;
    }
}
