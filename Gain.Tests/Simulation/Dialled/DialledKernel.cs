using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Simulation.Dialled;

/// <summary>
/// A kernel whose sockets are those that a worker dials: what it does follows from a seed. Its completions
/// may come later than they happened, but never in another order for one operation.
/// </summary>
internal sealed unsafe partial class DialledKernel(DialledWorld world)
{
    // Descriptors that the process has not.
    private const int FirstDescriptor = 1 << 28;
    private const int MaxTurns = 200_000;

    private static readonly int[] s_openErrors =
        [Errno.EMFILE, Errno.ENFILE, Errno.ENOBUFS, Errno.EADDRNOTAVAIL, Errno.EAFNOSUPPORT];

    private static readonly int[] s_connectErrors =
        [Errno.ENETUNREACH, Errno.EHOSTUNREACH, Errno.EAGAIN, Errno.EADDRNOTAVAIL, Errno.EACCES];

    private readonly SimulationRandom _random = world.Random;
    private readonly DialledScenario _scenario = world.Scenario;

    // By the connect, which tells whose a descriptor is.
    private readonly Dictionary<int, DialledPeer> _byDescriptor = [];
    private readonly HashSet<int> _unconnected = [];
    private readonly List<(ulong Token, int Fd)> _inFlight = [];
    private readonly List<(CompletionEntry Entry, int Fd)> _completions = [];
    private readonly Queue<CompletionEntry> _batch = new();
    private int _nextDescriptor = FirstDescriptor;
    private int _dials = world.Scenario.Dials;
    private int _told = world.Scenario.Told;
    private bool _isWoken;
    private int _turns;

    public long NowMs { get; private set; } = 1_000;

    /// <summary>Whether the ring has failed: what is in flight stays so.</summary>
    public bool HasFailed { get; private set; }

    public int OpenDescriptors => _byDescriptor.Count + _unconnected.Count;

    public int InFlight => _inFlight.Count;

    public int Open()
    {
        if (_random.Chance(_scenario.OpenErrors))
        {
            return -_random.Pick<int>(s_openErrors);
        }

        _unconnected.Add(_nextDescriptor);
        return _nextDescriptor++;
    }

    public void Connect(int fd, in sockaddr_storage address, ulong token)
    {
        fixed (sockaddr_storage* name = &address)
        {
            int port = System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(
                ((sockaddr_in*)name)->sin_port);
            DialledPeer peer = world.Peers[port - DialledWorld.FirstPort];
            world.Require(_unconnected.Remove(fd) && peer.Fd < 0, $"socket {peer.Id} is connected twice");
            peer.Fd = fd;
            peer.Connect = token;
            _byDescriptor.Add(fd, peer);
            Begin(token, fd);
        }
    }

    public int FinishConnect(int fd)
    {
        DialledPeer peer = _byDescriptor[fd];
        peer.IsConnected = !_random.Chance(_scenario.ConnectErrors / 4);
        peer.UsedMs = NowMs;
        return peer.IsConnected ? 0 : -Errno.ECONNREFUSED;
    }

    public bool TryGetPeer(int fd, out GainAddress address)
    {
        address = DialledWorld.AddressOf(_byDescriptor[fd]);
        return true;
    }

    public void Close(int fd)
    {
        world.Require(
            HasFailed || !_inFlight.Exists(one => one.Fd == fd),
            $"descriptor {fd} is closed with something in flight");
        if (_unconnected.Remove(fd))
        {
            return;
        }

        world.Require(_byDescriptor.Remove(fd, out DialledPeer? peer), $"descriptor {fd} is closed twice");
        peer!.IsClosed = true;
        peer.LeftBehind = peer.Arrived.Count(static number => number >= 0);
    }

    public void Receive(int fd, ulong token)
    {
        DialledPeer peer = _byDescriptor[fd];
        bool isFirst = peer.IsConnected && peer.Receive is null;
        world.Require(isFirst, $"a receive of socket {peer.Id} is armed twice");
        peer.Receive = token;
        Begin(token, fd);
    }

    public void AwaitRoom(int fd, ulong token)
    {
        DialledPeer peer = _byDescriptor[fd];
        world.Require(peer.Room is null && peer.SaidFull, $"room of socket {peer.Id} is waited for");
        peer.Room = token;
        peer.HasWaited = true;
        Begin(token, fd);
    }

    public void Cancel(ulong target, ulong token)
    {
        int at = _inFlight.FindIndex(one => one.Token == target);
        world.Require(at >= 0, "what is cancelled is not in flight");
        int fd = _inFlight[at].Fd;
        Begin(token, fd);
        DialledPeer peer = _byDescriptor[fd];
        peer.IdleAtCancel ??= NowMs - peer.UsedMs;
        bool isThere = peer.Receive == target || peer.Room == target;
        if (isThere)
        {
            EndOperation(peer, target, -Errno.ECANCELED);
        }

        Complete(token, fd, isThere ? 0 : -Errno.ENOENT, 0);
    }

    public int CountUnread(int fd)
    {
        DialledPeer peer = _byDescriptor[fd];
        peer.HasWaited |= peer.Arrived.Count != 0;
        return peer.Arrived.Count == 0 ? 0 : 4;
    }

    public void Wake() => _isWoken = true;

    public void Enter(long timeoutNs)
    {
        world.Require(++_turns < MaxTurns, "it does not end");
        NowMs += _random.Below(3);
        for (int steps = _random.Below(9); steps > 0; steps--)
        {
            Step();
        }

        if (_scenario.RingFails && _random.Chance(0.02))
        {
            HasFailed = true;
            throw new RingException("io_uring_enter", Errno.EBADR, "The ring has lost completions.");
        }

        if (_scenario.StopsEarly && _random.Chance(0.01))
        {
            RequestStop();
            return;
        }

        if (timeoutNs == 0 || _completions.Count != 0 || _isWoken || MakeProgress())
        {
            _isWoken = false;
            return;
        }

        if (_dials != 0 || _told != 0 || (timeoutNs < 0 && !world.Server.StopRequested))
        {
            Step();
            _ = timeoutNs < 0 || _random.Chance(0.5) ? Stopped() : 0;
            NowMs += timeoutNs > 0 && _random.Chance(0.5) ? (timeoutNs / 1_000_000) + 1 : 0;
            return;
        }

        world.Require(timeoutNs > 0, "the worker waits, and nothing is left that could come");
        NowMs += (timeoutNs / 1_000_000) + 1;
        if (_random.Chance(0.2))
        {
            RequestStop();
        }
    }

    private int Stopped()
    {
        if (_dials == 0 && _told == 0)
        {
            RequestStop();
        }

        return 0;
    }

    public void BeginBatch()
    {
        // Those that are late stay in their order, and hold up what follows of the same socket.
        for (int i = 0; i < _completions.Count;)
        {
            (CompletionEntry entry, int fd) = _completions[i];
            bool isHeldUp = _completions.Take(i).Any(one => one.Fd == fd);
            if (isHeldUp || _random.Chance(_scenario.LateCompletions))
            {
                i++;
                continue;
            }

            _batch.Enqueue(entry);
            _completions.RemoveAt(i);
        }
    }

    public bool TryTake(out CompletionEntry completion)
    {
        if (!_batch.TryDequeue(out completion))
        {
            return false;
        }

        if (!completion.HasMore && completion.UserData != 0)
        {
            ulong token = completion.UserData;
            int at = _inFlight.FindIndex(one => one.Token == token);
            world.Require(at >= 0, "an operation has ended twice");
            _inFlight.RemoveAt(at);
        }

        return true;
    }

    private void RequestStop()
    {
        if (!world.Server.StopRequested)
        {
            world.Server.RequestStop(NowMs + _scenario.DrainMs);
            world.Peers.ForEach(static peer => peer.IsSilent = true);
            _dials = 0;
            _told = 0;
        }
    }

    private void Begin(ulong token, int fd)
    {
        // A socket may have two cancellations in flight, and one of each other operation.
        bool isAlone = !_inFlight.Exists(one => one.Token == token);
        bool isCancellation = token >> 56 == (ulong)Operation.CancelDialled;
        world.Require(isAlone || isCancellation, $"operation 0x{token:x} is in flight already");
        _inFlight.Add((token, fd));
    }

    private void Complete(ulong token, int fd, int result, uint flags) =>
        _completions.Add((new CompletionEntry(token, result, flags), fd));

    private void EndOperation(DialledPeer peer, ulong token, int result)
    {
        peer.Receive = peer.Receive == token ? null : peer.Receive;
        peer.Room = peer.Room == token ? null : peer.Room;
        peer.Connect = peer.Connect == token ? null : peer.Connect;
        Complete(token, peer.Fd, result, 0);
    }
}
