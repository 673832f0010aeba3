using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Testing.Rings;

/// <summary>
/// The kernel of a test, as its worker sees it: connections in memory and a clock that stands still until
/// somebody moves it. It waits for nothing, so that the worker runs on the thread of the test.
/// </summary>
internal sealed partial class TestKernel : IDisposable
{
    // No descriptor of the process, so that a system call on one fails and does nothing.
    private const int FirstDescriptor = 0x4000_0000;

    // Not 0, which no clock of a ring says.
    private const long StartMs = 1_000_000;

    private readonly RingSettings _settings;
    private readonly Action<TestSocket> _ends;
    private readonly List<object?> _descriptors = [];
    private readonly Dictionary<ulong, TestOperation> _inFlight = [];
    private readonly List<Preparation> _prepared = [];
    private readonly Queue<CompletionEntry> _completions = new();
    private readonly ManualResetEventSlim _woken = new();
    private int _ready;
    private bool _isDisposed;

    /// <param name="settings">What the worker asks of its ring.</param>
    /// <param name="ends">Called when the worker is about to end a connection.</param>
    public TestKernel(RingSettings settings, Action<TestSocket> ends)
    {
        _settings = settings;
        _ends = ends;
        Buffers = new TestBuffers(settings);
        ListenerDescriptor = Open(Listener);
    }

    public TestBuffers Buffers { get; }

    public TestListener Listener { get; } = new();

    public int ListenerDescriptor { get; }

    /// <summary>The time since the start.</summary>
    public long NowNs { get; set; }

    public long NowMs => StartMs + (NowNs / 1_000_000);

    /// <summary>The worker had nothing to do when it entered last, and would have waited.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>For how long it would have waited at most; negative for any time.</summary>
    public long IdleNs { get; private set; }

    /// <summary>Ended where another thread wants the worker.</summary>
    public ManualResetEventSlim Woken => _woken;

    public void Enter(long timeoutNs)
    {
        Submit();
        if (_woken.IsSet)
        {
            _woken.Reset();
            _completions.Enqueue(
                new CompletionEntry(_settings.WakeToken, 1, IORING_CQE.IORING_CQE_F_MORE));
        }

        IsIdle = timeoutNs != 0 && _completions.Count == 0;
        IdleNs = timeoutNs;
    }

    public void BeginBatch() => _ready = _completions.Count;

    public bool TryTake(out CompletionEntry completion)
    {
        if (_ready == 0)
        {
            completion = default;
            return false;
        }

        _ready--;
        completion = _completions.Dequeue();
        if (completion.HasBuffer)
        {
            Buffers.Lend();
        }

        return true;
    }

    /// <summary>Any thread.</summary>
    public void Wake() => _woken.Set();

    public int ShutdownWrite(int descriptor)
    {
        TestSocket socket = SocketOf(descriptor);
        if (socket.IsBroken)
        {
            return -Errno.ENOTCONN;
        }

        socket.HasServerFin = true;
        return 0;
    }

    public void ResetOnClose(int descriptor)
    {
        TestSocket socket = SocketOf(descriptor);
        _ends(socket);
        socket.ResetsOnClose = true;
    }

    public void Close(int descriptor)
    {
        object open = Find(descriptor);
        _descriptors[descriptor - FirstDescriptor] = null;
        if (open is TestListener listener)
        {
            CloseListener(listener);
            return;
        }

        var socket = (TestSocket)open;
        _ends(socket);
        EndByServer(socket, isReset: socket.ResetsOnClose || socket.Input.Count != 0);
    }

    public bool TryGetPeer(int descriptor, out GainAddress peer)
    {
        const ulong LocalHost = 0xFFFF_7F00_0001;
        TestSocket socket = SocketOf(descriptor);
        peer = new GainAddress(LocalHost, socket.Port);
        return !socket.IsBroken;
    }

    public int CountUnread(int descriptor) => SocketOf(descriptor).Input.Count;

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            Buffers.Dispose();
        }
    }

    // Who waits to be accepted is reset, as by a listening socket that is closed.
    private static void CloseListener(TestListener listener)
    {
        listener.IsClosed = true;
        foreach (TestSocket waiting in listener.Backlog)
        {
            EndByServer(waiting, isReset: true);
        }

        listener.Backlog.Clear();
    }

    // A reset loses what the peer has not read.
    private static void EndByServer(TestSocket socket, bool isReset)
    {
        socket.Descriptor = -1;
        socket.IsClosed = true;
        if (socket.IsBroken)
        {
            return;
        }

        if (isReset)
        {
            socket.HasServerReset = true;
            socket.Output.Clear();
        }
        else
        {
            socket.HasServerFin = true;
        }
    }

    private int Open(object what)
    {
        int free = _descriptors.IndexOf(null);
        if (free < 0)
        {
            free = _descriptors.Count;
            _descriptors.Add(null);
        }

        _descriptors[free] = what;
        return free + FirstDescriptor;
    }

    private TestSocket SocketOf(int descriptor) => (TestSocket)Find(descriptor);

    private object Find(int descriptor)
    {
        int index = descriptor - FirstDescriptor;
        return (uint)index < (uint)_descriptors.Count && _descriptors[index] is object open
            ? open
            : throw new InvalidOperationException($"Descriptor {descriptor} was used, and is not open.");
    }
}
