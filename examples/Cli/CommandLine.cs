using System.CommandLine;
using System.CommandLine.Parsing;
using Gain.Cli.Tuning;
using Microsoft.Extensions.Logging;

namespace Gain.Cli;

/// <summary>The options, their defaults and their checks.</summary>
internal static class CommandLine
{
    public const int UsageError = 2;

    private static readonly GainOptions s_defaults = new();

    private static readonly Option<string> s_handler = OneOf(
        "--handler",
        "What to serve: http answers every request with Hello, World!",
        "http", "echo", "discard");

    private static readonly Option<string> s_network = OneOf(
        "--network",
        "The network to serve: udp and unixgram are for datagrams, unix and unixgram take --path.",
        "tcp", "udp", "unix", "unixgram");

    private static readonly Option<string> s_architecture = OneOf(
        "--architecture",
        "sharding: every worker accepts on its own listening socket; reactor: one more thread accepts.",
        "sharding", "reactor");

    private static readonly Option<string> s_balancing = OneOf(
        "--balancing",
        "With --architecture reactor: which worker gets a connection.",
        "round-robin", "least-connections", "source-ip-hash");

    private static readonly Option<int?> s_handOverExcess = Number(
        "--hand-over-excess",
        "With --architecture sharding: how many connections a worker may have more than the least loaded "
        + "one, before it hands new ones to that one; by default any number.");

    private static readonly Option<string> s_host = new("--host")
    {
        Description = "The address to listen on: a host name, an IPv4 or IPv6 address, or * for all.",
        DefaultValueFactory = _ => "127.0.0.1",
    };

    private static readonly Option<int> s_port = Number("--port", "The port; 0 picks a free one.", 8080);

    private static readonly Option<string> s_path = new("--path")
    {
        Description = "With --network unix or unixgram: the socket's absolute path, or an abstract name "
            + "behind an @.",
    };

    private static readonly Option<string> s_systemd = new("--systemd")
    {
        Description = "Serve the sockets that systemd passes: those of the name, or all.",
        Arity = ArgumentArity.ZeroOrOne,
        HelpName = "name",
    };

    private static readonly Option<int> s_workers = Number(
        "--workers", "Worker threads; by default one for each CPU.", s_defaults.WorkerCount);

    private static readonly Option<bool> s_affinity = new("--cpu-affinity")
    {
        Description = "Pin each worker to a CPU of its own.",
    };

    private static readonly Option<bool> s_steering = new("--cbpf")
    {
        Description = "With --cpu-affinity: give connections to the worker on the CPU of their packets.",
    };

    private static readonly Option<int?> s_nice = new("--process-priority")
    {
        Description = "The nice value of the workers' threads: -20, served first, to 19.",
        HelpName = "nice",
    };

    private static readonly Option<int?> s_keepAlive = Number(
        "--tcp-keep-alive",
        "Seconds of silence until the kernel asks whether the peer is there; by default never.");

    private static readonly Option<int?> s_receiveBuffer = Number(
        "--socket-receive-buffer",
        "Bytes of each socket's receive buffer; by default what the system gives.");

    private static readonly Option<int?> s_sendBuffer = Number(
        "--socket-send-buffer", "Bytes of each socket's send buffer; by default what the system gives.");

    private static readonly Option<bool> s_eachDatagram = new("--each-datagram")
    {
        Description = "With --network udp: take and give each datagram by itself, without UDP_GRO and "
            + "UDP_SEGMENT.",
    };

    private static readonly Option<GainRing> s_ring = new("--ring")
    {
        Description = "What the workers wait with: uring, epoll, or auto for io_uring where it works.",
        DefaultValueFactory = _ => s_defaults.Ring,
        CustomParser = ParseRing,
        HelpName = "auto|uring|epoll",
    };

    private static readonly Option<int> s_ringEntries = Number(
        "--ring-entries", "Submission entries of each ring; a power of two.", s_defaults.Buffers.RingEntries);

    private static readonly Option<int> s_maxConnections = Number(
        "--max-connections", "Connections open at once.", s_defaults.Limits.MaxConnections);

    private static readonly Option<bool> s_tls = new("--tls")
    {
        Description = "Speak TLS; with a self-signed certificate, for trying, unless --cert names one.",
    };

    private static readonly Option<string?> s_cert = new("--cert")
    {
        Description = "With --tls: the PEM file of the certificate and those that signed it; read again when "
            + "it changes.",
        HelpName = "path",
    };

    private static readonly Option<string?> s_key = new("--key")
    {
        Description = "With --cert: the PEM file of the private key; by default the same file.",
        HelpName = "path",
    };

    private static readonly Option<LogLevel> s_logLevel = new("--log-level")
    {
        Description = "The least severe messages to write to standard error.",
        DefaultValueFactory = _ => LogLevel.Warning,
    };

    public static ParseResult Parse(string[] args)
    {
        s_host.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
            {
                result.AddError("--host is empty: give the HOST of tcp://HOST:PORT, or * for all.");
            }
        });
        var root = new RootCommand("A server on Gain, for trying it out and for measuring it.")
        {
            s_handler, s_network, s_host, s_port, s_path, s_systemd, s_workers, s_architecture, s_balancing,
            s_handOverExcess, s_affinity, s_steering, s_nice, s_keepAlive, s_receiveBuffer, s_sendBuffer,
            s_eachDatagram, s_ring, s_ringEntries, s_maxConnections, s_logLevel,
            s_tls, s_cert, s_key,
        };
        root.Validators.Add(result =>
        {
            if (result.GetValue(s_network) is "unix" or "unixgram" && result.GetResult(s_path) is null)
            {
                result.AddError(
                    $"--network {result.GetValue(s_network)} has no address: give --path /run/gain.sock or "
                    + "--path @name.");
            }
        });
        root.Validators.Add(CheckTls);
        root.Subcommands.Add(NewDoctor());
        root.Subcommands.Add(NewTune());
        root.SetAction((parsed, _) => Server.RunAsync(ToSettings(parsed)));

        // An argument that begins with an @ is an abstract name here, and not a file with arguments.
        return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static void CheckTls(CommandResult result)
    {
        bool isAsked = result.GetValue(s_tls);
        if (!isAsked && (result.GetValue(s_cert) ?? result.GetValue(s_key)) is { } path)
        {
            result.AddError($"--cert and --key ({path}) are for TLS: add --tls.");
        }
        else if (isAsked && result.GetValue(s_key) is { } key && result.GetValue(s_cert) is null)
        {
            result.AddError($"--key {key} belongs to no certificate: add --cert.");
        }
        else if (isAsked && result.GetValue(s_network) is { } network and not "tcp")
        {
            result.AddError($"--tls is for --network tcp, and not for {network}.");
        }
        else if (isAsked && result.GetResult(s_systemd) is not null)
        {
            result.AddError("--systemd passes sockets for plain text: leave it or --tls out.");
        }
    }

    private static Command NewDoctor()
    {
        var asJson = new Option<bool>("--json") { Description = "Print one JSON object." };
        var doctor = new Command("doctor", "Say what this machine offers, and what Gain would use of it.")
        {
            asJson,
        };
        doctor.SetAction(parsed => Doctor.Run(parsed.GetValue(asJson)));
        return doctor;
    }

    private static Command NewTune()
    {
        var name = new Argument<string>("interface") { Description = "The network interface, such as eth0." };
        var cpus = new Option<string?>("--cpus")
        {
            Description = "The CPUs to place its queues on, such as 0-3,8; by default those of this process.",
        };
        var apply = new Option<bool>("--apply") { Description = "Do it, as root; else it is only printed." };
        var root = new Option<string>("--root") { Hidden = true, DefaultValueFactory = _ => "" };
        var tune = new Command(
            "tune",
            "Place each queue of a network interface on one CPU, for perfect locality; dry by default.")
        {
            name, cpus, apply, root,
        };
        tune.SetAction(parsed => Tuner.Run(
            parsed.GetValue(name)!, parsed.GetValue(cpus), parsed.GetValue(apply), parsed.GetValue(root)!));
        return tune;
    }

    private static Settings ToSettings(ParseResult parsed)
    {
        return new Settings(
            parsed.GetValue(s_handler)!,
            AddressOf(parsed),
            new GainOptions
            {
                WorkerCount = parsed.GetValue(s_workers),
                Architecture = parsed.GetValue(s_architecture) == "reactor"
                    ? GainArchitecture.Reactor
                    : GainArchitecture.Sharding,
                HandOverExcess = parsed.GetValue(s_handOverExcess),
                Balancing = BalancingOf(parsed.GetValue(s_balancing)!),
                CpuAffinity = parsed.GetValue(s_affinity),
                CpuSteering = parsed.GetValue(s_steering) ? CpuSteering.PacketFilter : CpuSteering.None,
                NiceValue = parsed.GetValue(s_nice),
                Sockets =
                {
                    KeepAliveIdle = SecondsOf(parsed.GetValue(s_keepAlive)),
                    ReceiveBufferBytes = parsed.GetValue(s_receiveBuffer),
                    SendBufferBytes = parsed.GetValue(s_sendBuffer),
                },
                Datagrams =
                {
                    ReceiveOffload = !parsed.GetValue(s_eachDatagram),
                    SendOffload = !parsed.GetValue(s_eachDatagram),
                },
                Ring = parsed.GetValue(s_ring),
                Buffers = { RingEntries = parsed.GetValue(s_ringEntries) },
                Limits = { MaxConnections = parsed.GetValue(s_maxConnections) },
                LogLevel = parsed.GetValue(s_logLevel),
            },
            parsed.GetValue(s_tls)
                ? new Secrecy(parsed.GetValue(s_cert), parsed.GetValue(s_key), parsed.GetValue(s_host)!)
                : null);
    }

    private static TimeSpan? SecondsOf(int? seconds) =>
        seconds is int given ? TimeSpan.FromSeconds(given) : null;

    private static GainBalancing BalancingOf(string value) => value switch
    {
        "least-connections" => GainBalancing.LeastConnections,
        "source-ip-hash" => GainBalancing.SourceIPHash,
        _ => GainBalancing.RoundRobin,
    };

    private static string AddressOf(ParseResult parsed)
    {
        if (parsed.GetResult(s_systemd) is not null)
        {
            return $"systemd:{parsed.GetValue(s_systemd)}";
        }

        string network = parsed.GetValue(s_network)!;
        if (network is "unix" or "unixgram")
        {
            return $"{network}://{parsed.GetValue(s_path)}";
        }

        network = parsed.GetValue(s_tls) ? "tls" : network;
        string host = parsed.GetValue(s_host)!;
        bool isBareIPv6 = host.Contains(':') && !host.StartsWith('[');
        return $"{network}://{(isBareIPv6 ? $"[{host}]" : host)}:{parsed.GetValue(s_port)}";
    }

    private static Option<string> OneOf(string name, string description, params string[] values)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            DefaultValueFactory = _ => values[0],
        };
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    // The parser's own takes any text that is a number, and lists no names.
    private static GainRing ParseRing(ArgumentResult result)
    {
        string value = result.Tokens[0].Value;
        GainRing[] rings = Enum.GetValues<GainRing>();
        int found = Array.FindIndex(
            rings, ring => string.Equals($"{ring}", value, StringComparison.OrdinalIgnoreCase));
        if (found < 0)
        {
            result.AddError($"--ring is '{value}': give auto, uring or epoll.");
            return default;
        }

        return rings[found];
    }

    private static Option<int> Number(string name, string description, int value) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => value,
    };

    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = description,
    };
}
