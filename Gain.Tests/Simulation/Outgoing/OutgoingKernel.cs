using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Uring;
using Gain.Workers;

namespace Gain.Tests.Simulation.Outgoing;

/// <summary>
/// A kernel whose sockets are mostly the worker's own connects. It is smaller than
/// <see cref="SimulatedKernel"/>, whose faults are not repeated here: a socket may have several connections'
/// owners one after the other, and a port any number of connections.
/// </summary>
internal sealed unsafe partial class OutgoingKernel(OutgoingWorld world)
{
    public const int Listener = 3;
    private const int FirstDescriptor = 4;
    private const int MaxTurns = 400_000;

    private static readonly int[] s_openErrors = [Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.ENOMEM];

    private readonly List<OutgoingSocket?> _descriptors = [];
    private readonly Dictionary<ulong, OutgoingOperation> _inFlight = [];
    private readonly List<OutgoingOperation> _prepared = [];
    private readonly Queue<(CompletionEntry Entry, OutgoingOperation Of)> _completions = new();
    private readonly Queue<OutgoingSocket> _backlog = new();
    private readonly int[] _kept = new int[OutgoingWorld.FirstOwnPort + OutgoingWorld.MostUndertakings];
    private OutgoingOperation? _accept;
    private bool _isListening = true;
    private bool _isWoken;
    private int _ready;
    private int _turns;
    private int _closedTurn;
    private int _sockets;

    public OutgoingWorld World => world;

    /// <summary>Operations that the worker has not taken the end of, and waits for.</summary>
    public int InFlight => _inFlight.Values.Count(
        static one => one is not { Kind: Operation.CancelIgnored, IsOver: true });

    /// <summary>Whether one that was kept is about to be free.</summary>
    public bool HasLeaving => _descriptors.Exists(static one => one is { ReturnedMs: >= 0, IsKept: false });

    public int Turns => _turns;

    public int OpenDescriptors => _descriptors.Count(one => one is not null) + (_isListening ? 1 : 0);

    private OutgoingScenario Scenario => world.Scenario;

    private SimulationRandom Random => world.Random;

    public OutgoingSocket SocketOf(int descriptor)
    {
        int index = descriptor - FirstDescriptor;
        return (uint)index < (uint)_descriptors.Count && _descriptors[index] is { } socket
            ? socket
            : throw world.Fail($"descriptor {descriptor} was used, and is not open");
    }

    public void Wake() => _isWoken = true;

    /// <summary>Takes what was prepared, and lets time go on.</summary>
    public void Enter(long timeoutNs)
    {
        world.CheckFailure();
        if (++_turns > MaxTurns)
        {
            throw world.Fail($"the run did not end in {MaxTurns:N0} turns");
        }

        Submit();
        CheckKept();
        world.Advance(world.NowNs + Random.Between(200, 5_000));
        long deadlineNs = timeoutNs < 0 ? long.MaxValue : world.NowNs + timeoutNs;
        while (timeoutNs != 0 && _completions.Count == 0 && !_isWoken && world.NowNs < deadlineNs)
        {
            long next = Math.Min(world.Events.NextNs, deadlineNs);
            if (next == long.MaxValue)
            {
                throw world.Fail("the worker waits for something that will not happen");
            }

            world.Advance(next);
        }

        _isWoken = false;
        world.CheckFailure();
    }

    public void BeginBatch() => _ready = Random.Chance(Scenario.LateCompletions)
        ? Random.Below(_completions.Count + 1)
        : _completions.Count;

    public bool TryTake(out CompletionEntry completion)
    {
        completion = default;
        if (_ready == 0)
        {
            return false;
        }

        _ready--;
        (completion, OutgoingOperation of) = _completions.Dequeue();
        if (!completion.HasMore)
        {
            _ = _inFlight.Remove(of.UserData);
            Forget(of);
        }

        return true;
    }

    public void PrepCancel(ulong target, ulong userData)
    {
        OutgoingSocket? socket = _inFlight.GetValueOrDefault(target)?.Socket;
        Prepare(new OutgoingOperation(userData, socket) { Target = target });
    }

    public void PrepAwaitHangUp(int descriptor, ulong userData) =>
        Prepare(new OutgoingOperation(userData, SocketOf(descriptor)));

    public void Close(int descriptor)
    {
        if (descriptor == Listener)
        {
            world.Require(_accept is null, "the listener was closed with its accept in flight");
            _isListening = false;
            return;
        }

        OutgoingSocket socket = SocketOf(descriptor);
        world.Require(
            socket.InFlight == 0, $"socket {socket.Id} was closed with {socket.InFlight} in flight");
        _closedTurn = _turns;
        world.Trace.Add($"socket {socket.Id}: closed, descriptor {descriptor}");
        _descriptors[descriptor - FirstDescriptor] = null;
        socket.IsClosed = true;
        socket.Fd = -1;
        socket.Owner?.NoteSocketClosed();
    }

    private int Open(OutgoingSocket socket)
    {
        int free = _descriptors.IndexOf(null);
        if (free < 0)
        {
            free = _descriptors.Count;
            _descriptors.Add(null);
        }

        _descriptors[free] = socket;
        socket.Fd = free + FirstDescriptor;
        return socket.Fd;
    }

    private void Prepare(OutgoingOperation operation)
    {
        // The cancellation of an accept may be left, and asked for again: it names nothing that is freed.
        bool isNew = _inFlight.TryAdd(operation.UserData, operation);
        world.Require(isNew || operation.Kind == Operation.CancelIgnored, "a name was used while in flight");
        _prepared.Add(operation);
        if (operation.Socket is { } socket)
        {
            socket.InFlight++;
        }
    }

    private void Submit()
    {
        foreach (OutgoingOperation operation in _prepared)
        {
            operation.IsSubmitted = true;
            Start(operation);
        }

        _prepared.Clear();
    }

    private void Start(OutgoingOperation operation)
    {
        switch (operation.Kind)
        {
            case Operation.Accept:
                RunAccept();
                break;
            case Operation.Receive:
                RunReceive(operation.Socket!);
                break;
            case Operation.Send:
                StartSend(operation);
                break;
            case Operation.Connect:
                StartConnect(operation);
                break;
            case Operation.HangUp:
                RunHangUp(operation.Socket!);
                break;
            default:
                Cancel(operation);
                break;
        }
    }

    // What had happened to the target before is in the queue before it.
    private void Cancel(OutgoingOperation cancel)
    {
        int result = -Errno.ENOENT;
        if (_inFlight.TryGetValue(cancel.Target, out OutgoingOperation? target) && !target.IsOver)
        {
            result = 0;
            target.IsCancelled = true;
            Complete(target, -Errno.ECANCELED);
        }

        Complete(cancel, result);
    }

    private void Complete(OutgoingOperation operation, int result, uint flags = 0)
    {
        world.Trace.Add($"  {operation.Kind} of socket {operation.Socket?.Id ?? 0}: {result}");
        _completions.Enqueue((new CompletionEntry(operation.UserData, result, flags), operation));
        if ((flags & IORING_CQE.IORING_CQE_F_MORE) != 0)
        {
            return;
        }

        operation.IsOver = true;
        if (operation is { Kind: Operation.Receive, Socket: { } socket })
        {
            socket.WasGone = socket.HasFin || socket.IsReset;
        }
    }

    // The worker knows its end.
    private void Forget(OutgoingOperation operation)
    {
        _accept = _accept == operation ? null : _accept;
        if (operation.Socket is not { } socket)
        {
            return;
        }

        socket.InFlight--;
        socket.Receive = socket.Receive == operation ? null : socket.Receive;
        socket.Send = socket.Send == operation ? null : socket.Send;
    }

    // What is kept is no more than may be, for no longer than it may be. The place of one
    // that has just come is given up in the next turn.
    private void CheckKept()
    {
        world.CheckWorker();
        if (Scenario.Pool is not { } pool)
        {
            return;
        }

        Array.Clear(_kept);
        int all = 0;
        int most = 0;
        foreach (OutgoingSocket? socket in _descriptors)
        {
            if (socket is not { IsKept: true })
            {
                continue;
            }

            long keptMs = world.NowMs - socket.ReturnedMs;
            world.Require(
                keptMs <= pool.IdleMs + OutgoingWorld.LateMs,
                $"socket {socket.Id} is kept for {keptMs} ms, and may be for {pool.IdleMs} ms");
            if (socket.ReturnedTurn != _turns - 1)
            {
                most = Math.Max(most, ++_kept[socket.Port]);
                all++;
            }
        }

        world.Require(
            all <= pool.All && most <= pool.PerTarget,
            $"{all} are kept, {most} of them for one target, and {pool} may be");
    }
}
