using Gain.Memory;
using Gain.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>The sockets of a seed's run, and the rules that hold for them.</summary>
internal sealed class DialledWorld
{
    public const int FirstPort = 1_000;

    private readonly ulong _seed;
    private SimulationException? _failure;

    public DialledWorld(ulong seed)
    {
        _seed = seed;
        Scenario = new DialledScenario(seed);
        Random = new SimulationRandom(seed);
        Server = new ServerState(
            NullLogger.Instance,
            new Admission(Scenario.Options),
            new MemoryBudget(Scenario.Options.Limits.MaxBufferedBytes!.Value));
        Kernel = new DialledKernel(this);
    }

    public DialledScenario Scenario { get; }

    public SimulationRandom Random { get; }

    public ServerState Server { get; }

    public DialledKernel Kernel { get; }

    /// <summary>All that were dialled, by number; port <see cref="FirstPort"/> and the number is its
    /// peer's.</summary>
    public List<DialledPeer> Peers { get; } = [];

    /// <summary>Posts a dial as another thread does.</summary>
    public Func<DialledPeer, DatagramRequest> Post { get; set; } =
        static _ => throw new InvalidOperationException();

    /// <summary>Whether the stop's time is over, so that what had arrived need not be delivered.</summary>
    public bool IsLate => Server.StopRequested && Kernel.NowMs >= Server.StopDeadlineMs;

    public int Delivered { get; set; }

    public int Strangers { get; set; }

    public int Faults { get; set; }

    /// <summary>How many ended, by reason.</summary>
    public int[] Reasons { get; } = new int[7];

    public DialledPeer Add()
    {
        var peer = new DialledPeer(Peers.Count);
        Peers.Add(peer);
        return peer;
    }

    public static GainAddress AddressOf(DialledPeer peer) => new(
        GainAddress.MapV4(0x7F000001), (ushort)(FirstPort + peer.Id));

    public void DialFromElsewhere()
    {
        DialledPeer peer = Add();
        peer.Request = Post(peer);
    }

    /// <summary>A callback has dialled.</summary>
    public void NoteDial(DialledPeer peer, bool isBegun, DatagramHandle handle)
    {
        peer.Handle = handle;
        peer.IsRefused = !isBegun;
        Require(isBegun == handle.IsOpen, $"socket {peer.Id} was begun ({isBegun}), and its handle is not");
    }

    /// <summary>The handler of one is told of its end.</summary>
    public void End(DialledPeer peer, DatagramEnd end)
    {
        peer.Ends++;
        Reasons[(int)end.Reason]++;
        Require(peer.Ends == 1, $"socket {peer.Id} ended twice");
        Require(
            peer.Fd < 0 || peer.IsClosed, $"socket {peer.Id} is open, and its handler is told of its end");
        Require(!end.Handle.IsOpen, $"the handle of socket {peer.Id} names something after its end");
        if (peer.Handle != default)
        {
            Require(end.Handle == peer.Handle, $"socket {peer.Id} ended as another");
        }

        bool mayLeave = end.Reason is DatagramEndReason.Local or DatagramEndReason.Idle;
        if (!mayLeave && !Kernel.HasFailed && !peer.MayBeShut && !IsLate)
        {
            Require(
                peer.LeftBehind == 0,
                $"socket {peer.Id} ended ({end.Reason}) with {peer.LeftBehind} left");
        }

        // What comes in between is delivered, and was no reason for going on.
        if (end.Reason == DatagramEndReason.Idle && peer.IdleAtCancel is { } idle)
        {
            int limit = Scenario.IdleMs;
            Require(limit != 0 && idle >= limit, $"socket {peer.Id} is idle for {idle} of {limit} ms");
            Require(
                peer.HasWaited || idle <= limit + (limit / 32) + 20,
                $"socket {peer.Id} was idle for {idle} of {limit} ms");
        }
    }

    public void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            // In a callback it would be one more fault of a handler.
            _failure ??= new SimulationException(_seed, otherwise);
            throw _failure;
        }
    }

    /// <summary>Throws what was found first.</summary>
    public void CheckFailure()
    {
        if (_failure is not null)
        {
            throw _failure;
        }
    }
}
