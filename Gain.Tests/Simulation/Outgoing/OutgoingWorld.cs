using Gain.Memory;
using Gain.Sockets;
using Gain.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>
/// One run of a worker that dials again and keeps connections: time, chance, clients, other threads, and the
/// first rule that was broken.
/// </summary>
internal sealed class OutgoingWorld
{
    /// <summary>From here on a port is the target of one undertaking only.</summary>
    public const int FirstOwnPort = 10;

    public const int MostUndertakings = 80;

    /// <summary>How late a timer may be.</summary>
    public const int LateMs = 5;

    /// <summary>In which time a few completions, each of them late, have come.</summary>
    public const int PatienceMs = 1_000;

    private const long StartMs = 1_000_000;
    private readonly ulong _seed;

    // Of its own: it came later.
    private readonly SimulationRandom _hasty;
    private SimulationException? _failure;

    public OutgoingWorld(ulong seed, TextWriter? trace)
    {
        _seed = seed;
        Scenario = new OutgoingScenario(seed);
        Random = new SimulationRandom(seed ^ 0x5265_6E74_7321);
        _hasty = new SimulationRandom(seed ^ 0x4861_7374_79);
        Trace = new Trace(trace);
        Server = new ServerState(
            NullLogger.Instance,
            new Admission(Scenario.Options),
            new MemoryBudget(Scenario.Options.Limits.MaxBufferedBytes!.Value));
        Server.Admission.Attach(() => Notify());
        Kernel = new OutgoingKernel(this);
        for (int i = 0; i < Scenario.Clients; i++)
        {
            PlanClient();
        }

        for (int i = 0; i < Scenario.Commands; i++)
        {
            Events.Plan(Sometime(), PostCommand);
        }

        Events.Plan(Scenario.StopAtNs, Stop);
    }

    public OutgoingScenario Scenario { get; }

    public SimulationRandom Random { get; }

    public Trace Trace { get; }

    public ServerState Server { get; }

    public OutgoingKernel Kernel { get; }

    public EventQueue Events { get; } = new();

    public List<Undertaking> Undertakings { get; } = [];

    public long NowNs { get; private set; }

    public long NowMs => StartMs + (NowNs / 1_000_000);

    public bool IsStopping { get; private set; }

    /// <summary>When the stop was asked for.</summary>
    public long StopMs { get; private set; }

    /// <summary>Wakes the worker, as another thread would.</summary>
    public Action Notify { get; set; } = static () => { };

    /// <summary>Asks the worker for a connection, as another thread would.</summary>
    public Func<Undertaking, DialRequest> Post { get; set; } =
        static _ => throw new InvalidOperationException("No worker runs.");

    /// <summary>Whether a place is free, or is about to be, while anything is kept.</summary>
    public Func<bool> LeavesRoom { get; set; } = static () => true;

    public SimulationException Fail(string message) =>
        _failure ??= new SimulationException(_seed, $"{message} (--outgoing)");

    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw Fail(otherwise);
        }
    }

    /// <summary>A callback's exception is the engine's to handle: so it is thrown again.</summary>
    public void CheckFailure()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }

    public void Advance(long toNs)
    {
        while (Events.NextNs <= toNs)
        {
            NowNs = Math.Max(NowNs, Events.NextNs);
            Trace.NowNs = NowNs;
            Events.Take()();
        }

        NowNs = Math.Max(NowNs, toNs);
        Trace.NowNs = NowNs;
    }

    /// <summary>The worker has done all that it could for now.</summary>
    public void CheckWorker()
    {
        if (IsStopping)
        {
            bool isInTime = NowMs <= Server.StopDeadlineMs + PatienceMs;
            Require(isInTime, "the server still runs after the stop's deadline");
            return;
        }

        Require(LeavesRoom(), "connections are kept, and no place is left for another");
        if (Kernel.Turns % 16 == 0)
        {
            Undertakings.ForEach(static one => one.CheckNotStuck());
        }
    }

    /// <summary>Whose port it is; null where several go to it.</summary>
    public Undertaking? OwnerOf(int port) => port < FirstOwnPort ? null : Undertakings[port - FirstOwnPort];

    public static RemoteEnd TargetOf(int port) => new(new GainAddress((UInt128)1 << 64, (ushort)port));

    /// <summary>A new one; null when there have been enough.</summary>
    public Undertaking? Undertake(bool isRent, int port = 0)
    {
        int id = Undertakings.Count;
        if (id == MostUndertakings)
        {
            return null;
        }

        bool isShared = isRent || Random.Chance(0.3);
        int target = port is > 0 and < FirstOwnPort ? port
            : isShared ? Random.Between(1, OutgoingScenario.Targets)
            : FirstOwnPort + id;
        Undertakings.Add(new Undertaking(this, id, target, isRent));
        return Undertakings[id];
    }

    /// <summary>Begins one in a callback.</summary>
    public void Begin(Connection connection, bool isRent, int port = 0)
    {
        isRent &= Scenario.Pool is not null;
        if (Undertake(isRent, isRent ? port : 0) is not { } undertaking)
        {
            return;
        }

        RemoteEnd target = TargetOf(undertaking.Port);
        Trace.Add($"undertaking {undertaking.Id}: begins, rented {isRent}");
        if (!connection.TryDial(new Errand(this, undertaking), target, isRent, out ConnectionHandle handle))
        {
            undertaking.Refuse();
            return;
        }

        undertaking.Begin(handle);
        if (Random.Chance(0.1))
        {
            undertaking.Ask(handle.TryClose());
        }

        if (isRent && _hasty.Chance(0.3))
        {
            // While the socket of a kept connection is on its way to it.
            Events.Plan(NowNs + _hasty.SkewedLong(1, 20_000), () => End(undertaking, handle));
        }
    }

    /// <summary>Ends one by a handle, which may be old.</summary>
    public void EndAny()
    {
        if (Undertakings.Count == 0)
        {
            return;
        }

        Undertaking one = Undertakings[Random.Below(Undertakings.Count)];
        if (one.Request is { Ended.IsCompleted: false } request && Random.Chance(0.5))
        {
            Trace.Add($"undertaking {one.Id}: its dial is cancelled");
            one.Ask(isPosted: true);
            request.Cancel(new CancellationToken(canceled: true));
            return;
        }

        // Not begun yet: nothing names it.
        ConnectionHandle handle = Random.Chance(0.5) ? one.First : one.Last;
        if (handle != default)
        {
            End(one, handle);
        }
    }

    private void End(Undertaking one, ConnectionHandle handle)
    {
        Trace.Add($"undertaking {one.Id}: is to end");
        one.Ask(Random.Chance(0.7) ? handle.TryClose() : handle.TryAbort());
    }

    // As likely late as early.
    private long Sometime() => 1 + (Random.Below(1_000_000) * Scenario.StopAtNs / 1_000_000);

    private void PlanClient() => Events.Plan(Sometime(), () =>
    {
        if (Kernel.TryCome() is not { } client)
        {
            return;
        }

        for (int i = Random.Skewed(1, 20); i > 0; i--)
        {
            Kernel.Act(client, Sometime(), () => Kernel.Arrive(client, new byte[Random.Between(1, 3)]));
        }

        if (Random.Chance(0.7))
        {
            bool isReset = Random.Chance(0.3);
            Kernel.Act(client, Sometime(), () => Kernel.End(client, isReset));
        }
    });

    private void PostCommand()
    {
        if (IsStopping || Random.Chance(0.5))
        {
            EndAny();
        }
        else if (Undertake(isRent: false) is { } undertaking)
        {
            Trace.Add($"undertaking {undertaking.Id}: is asked for");
            undertaking.Request = Post(undertaking);
        }
    }

    private void Stop()
    {
        bool letsIn = !Kernel.HasForgottenClients || !Server.Admission.HasRoom;
        Require(letsIn, "clients wait, and nobody lets them in");
        Trace.Add($"stop, at most {Scenario.DrainMs} ms");
        IsStopping = true;
        StopMs = NowMs;
        Server.RequestStop(NowMs + Scenario.DrainMs);
        Notify();
    }
}
