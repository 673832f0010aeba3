using Gain.CompilerServices;
using Gain.Rings;
using Gain.Tests.Simulation.Protocols;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Simulation;

/// <summary>A protocol to simulate: what its peers say, and how to run a worker of it.</summary>
internal abstract class ProtocolPlan
{
    public static readonly ProtocolPlan[] All =
    [
        new Plan<BareEcho>(world => new BareEcho(world), Conversations.Echo),
        new Plan<WatchedEcho>(world => new WatchedEcho(world), Conversations.Echo),
        new Plan<RecordReader>(world => new RecordReader(world), Conversations.Records),
        new Plan<FrameEcho>(world => new FrameEcho(world), Conversations.Frames),
        new Plan<LineAnswerer>(world => new LineAnswerer(world), Conversations.Lines),
        new Plan<Amplifier>(world => new Amplifier(world), Conversations.Amplified),
        new Plan<Thrower>(world => new Thrower(world), Conversations.Echo),
        new Plan<Closer>(world => new Closer(world), Conversations.Closed),
        new Plan<Delayer>(world => new Delayer(world), Conversations.Echo),
        new Plan<Greeter>(world => new Greeter(world), Conversations.Greeted),
    ];

    /// <summary>
    /// Answers that come from other threads. Not one of those above, so that their seeds keep their meaning.
    /// </summary>
    public static readonly ProtocolPlan Deferring =
        new Plan<Deferrer>(world => new Deferrer(world), Conversations.Echo);

    /// <summary>The same for sessions.</summary>
    public static readonly ProtocolPlan[] Sessions =
    [
        new Plan<RecordSession>(world => new RecordSession(world), Conversations.Records),
        new Plan<FrameSession>(world => new FrameSession(world), Conversations.Frames),
    ];

    /// <summary>Whether what it does ends elsewhere, for which its connection is held.</summary>
    public abstract bool MayBeAway { get; }

    /// <summary>Whether it is a session, which puts off what comes while it awaits something else.</summary>
    public abstract bool IsSession { get; }

    /// <summary>Protocols that end their side and read on. Apart, as those that defer are.</summary>
    public static readonly ProtocolPlan HalfClosing =
        new Plan<HalfCloser>(world => new HalfCloser(world), Conversations.Closed);

    /// <summary>Protocols that couple their connections, two and two.</summary>
    public static readonly ProtocolPlan Coupling =
        new Plan<Coupler>(world => new Coupler(world), Conversations.Coupled);

    /// <summary>The same, and the kernel moves the bytes.</summary>
    public static readonly ProtocolPlan Splicing =
        new Plan<Coupler>(world => new Coupler(world), Conversations.Coupled);

    /// <summary>Protocols that start the layer in the middle.</summary>
    public static readonly ProtocolPlan Upgrading =
        new Plan<Upgrader>(world => new Upgrader(world), Conversations.Upgraded);

    /// <summary>Whether its connections begin without the layer.</summary>
    public abstract bool Upgrades { get; }

    /// <summary>Whether it couples its connections, and reads none that is in no pair.</summary>
    public abstract bool Pairs { get; }

    /// <summary>Whether every byte that it was given is answered before an end in order.</summary>
    public abstract bool AnswersBeforeEnd { get; }

    /// <summary>It cannot do with being read to when it has much to send.</summary>
    public abstract bool NeedsPause { get; }

    public abstract string Name { get; }

    public abstract bool HasOnAccept { get; }

    public abstract bool HasOnClose { get; }

    public abstract bool HasOnReadClosed { get; }

    /// <summary>OnRead may leave bytes, which the worker keeps.</summary>
    public abstract bool MayLeaveBytes { get; }

    /// <summary>Makes up what one peer says and is answered.</summary>
    public abstract Conversation Converse(SimulationRandom random, WorkerSettings settings);

    /// <summary>Runs a worker to its end.</summary>
    /// <returns>What it counted.</returns>
    public abstract WorkerCounters Run(SimulatedWorld world, Pairing pairing);

    private sealed class Plan<TProtocol>(
        Func<SimulatedWorld, TProtocol> make,
        Func<SimulationRandom, WorkerSettings, Conversation> converse) : ProtocolPlan
        where TProtocol : struct, IProtocol<TProtocol>
    {
        public override bool MayBeAway => AnswersBeforeEnd || IsSession;

        public override bool IsSession => (TProtocol.Declared & Callbacks.Session) != 0;

        public override bool AnswersBeforeEnd => typeof(TProtocol) == typeof(Deferrer);

        public override bool Upgrades => typeof(TProtocol) == typeof(Upgrader);

        public override bool Pairs => typeof(TProtocol) == typeof(Coupler);

        public override bool NeedsPause => typeof(TProtocol) == typeof(Amplifier) || Upgrades;

        public override string Name => typeof(TProtocol).Name;

        public override bool HasOnAccept => (TProtocol.Declared & Callbacks.Accept) != 0;

        public override bool HasOnClose => (TProtocol.Declared & Callbacks.Close) != 0;

        // A session's end is the connection's.
        public override bool HasOnReadClosed =>
            (TProtocol.Declared & (Callbacks.ReadClosed | Callbacks.Session)) == Callbacks.ReadClosed;

        public override bool MayLeaveBytes => (TProtocol.Declared & Callbacks.ReadPartial) != 0;

        public override Conversation Converse(SimulationRandom random, WorkerSettings settings) =>
            converse(random, settings);

        // The other protocol of a pair declares much, or nothing: nobody comes in by its address.
        public override WorkerCounters Run(SimulatedWorld world, Pairing pairing) => pairing switch
        {
            Pairing.First => Run(
                world, world => ProtocolPair<TProtocol, NeverServed>.OfFirst(make(world)), part: 0),
            Pairing.Second => Run(
                world, world => ProtocolPair<RecordReader, TProtocol>.OfSecond(make(world)), part: 1),
            _ => Run(world, make, part: 0),
        };

        // As WorkerThreads does for each of its threads.
        private static WorkerCounters Run<TServed>(
            SimulatedWorld world, Func<SimulatedWorld, TServed> make, byte part)
            where TServed : struct, IProtocol<TServed>
        {
            int[] listeners = [.. world.Listeners.Select(listener => listener.Fd)];
            var worker = new Worker<TServed, SimulatedRing>(
                world.Settings, world.Server, listeners.Length, [part, part]);
            worker.TakeListeners(listeners);
            worker.Open(new SimulatedRingFactory(world.Kernel));
            world.Notify = worker.Notify;
            world.Post = target =>
            {
                var request = new DialRequest<TProtocol>(default, isGiven: false, target);
                worker.Dialer.Post(request);
                return request;
            };
            try
            {
                worker.Run(make(world), make(world));
                worker.Close();
            }
            catch (RingException failure)
            {
                worker.Abandon(failure);
            }
            finally
            {
                worker.Sessions?.LeaveThread();
            }

            world.CheckSetupsOver(worker.Layers.Starting);
            return worker.ReadCounters();
        }
    }
}

/// <summary>How a protocol is one of several.</summary>
internal enum Pairing
{
    /// <summary>It is the only one.</summary>
    None,

    /// <summary>The other one comes behind it, and declares nothing.</summary>
    First,

    /// <summary>The other one comes in front of it, and leaves bytes of what it reads.</summary>
    Second,
}

/// <summary>A protocol whose connections have no callback.</summary>
[GainProtocol]
internal partial struct NeverServed
{
    private static void OnStart() => throw new InvalidOperationException("no server of a simulation starts");
}
