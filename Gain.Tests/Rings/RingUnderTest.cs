using Gain.Kernel;
using Gain.Rings;
using Gain.Tests.Server;
using Gain.Uring;

namespace Gain.Tests.Rings;

/// <summary>A ring behind the seam, driven by hand: what a worker does, one step at a time.</summary>
internal sealed class RingUnderTest : IDisposable
{
    public const ulong WakeToken = 0xFFFF;

    /// <summary>What the submission queue holds.</summary>
    public const int Entries = 64;

    /// <summary>The longest datagram that is received whole.</summary>
    public const int DatagramBytes = 4_000;

    // A hang is a failure: far above what anything takes.
    private const long PatienceNs = 20_000_000_000;

    private readonly Queue<CompletionEntry> _taken = new();

    public RingUnderTest(
        GainRing kind,
        int bufferCount = 16,
        int bufferBytes = 64,
        int datagramBufferCount = 0,
        int longestRun = 0)
    {
        RingAvailability.Require(kind);
        var settings = new RingSettings(Entries, bufferCount, bufferBytes, WakeToken)
        {
            DatagramBufferCount = datagramBufferCount,
            DatagramBufferBytes = DatagramBytes,
            LongestRun = longestRun,
        };
        Ring = kind == GainRing.Uring
            ? new UringRingFactory(KernelRingCalls.Instance).Create(settings)
            : new EpollRingFactory("epoll").Create(settings);
    }

    public RingUnderTest(EpollRing ring) => Ring = ring;

    /// <summary>The ring; boxed, so that calls change it.</summary>
    public IRing Ring { get; }

    /// <summary>Takes the next completion, and waits for it if there is none.</summary>
    public CompletionEntry Next()
    {
        long deadline = Environment.TickCount64 + (PatienceNs / 1_000_000);
        while (_taken.Count == 0)
        {
            Assert.That(Environment.TickCount64, Is.LessThan(deadline), "no completion");
            Turn(PatienceNs);
        }

        return _taken.Dequeue();
    }

    /// <summary>Takes all the completions that there are without a wait.</summary>
    public CompletionEntry[] Ready()
    {
        Turn(0);
        Turn(0);
        CompletionEntry[] ready = [.. _taken];
        _taken.Clear();
        return ready;
    }

    /// <summary>The bytes of a receive; the buffer goes back.</summary>
    public byte[] Take(CompletionEntry completion)
    {
        Assert.That(completion.Result, Is.Positive);
        Assert.That(completion.HasBuffer);
        byte[] bytes = Ring.Received(completion.BufferId, completion.Result).ToArray();
        Ring.Recycle(completion.BufferId);
        return bytes;
    }

    /// <summary>Ends the batch of what was recycled, as a dispatch does.</summary>
    public void PublishBuffers()
    {
        Ring.BeginBatch();
        while (Ring.TryTake(out CompletionEntry completion))
        {
            _taken.Enqueue(completion);
        }

        Ring.EndBatch();
    }

    /// <summary>One turn of a worker's, without the callbacks.</summary>
    public void Turn(long timeoutNs)
    {
        Ring.Enter(timeoutNs);
        PublishBuffers();
    }

    /// <summary>Nothing may be in flight.</summary>
    public void Dispose() => Ring.Dispose();

    /// <summary>Two connected TCP sockets, blocking as accepted ones are.</summary>
    public static unsafe (int Ours, int Peers) TcpPair()
    {
        int listener = Listener(out sockaddr_in address);
        int peer = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        Assert.That(Libc.Connect(peer, &address, (uint)sizeof(sockaddr_in)), Is.Zero);
        int ours = Libc.Accept4(listener, null, null, SocketAbi.SOCK_CLOEXEC);
        Libc.Close(listener);
        Assert.That(ours, Is.Positive);
        return (ours, peer);
    }

    /// <summary>A listening TCP socket and its address.</summary>
    public static unsafe int Listener(out sockaddr_in address)
    {
        int listener = Libc.Socket(SocketAbi.AF_INET, SocketAbi.SOCK_STREAM | SocketAbi.SOCK_CLOEXEC, 0);
        sockaddr_storage storage = default;
        var bound = (sockaddr_in*)&storage;
        bound->sin_family = SocketAbi.AF_INET;
        bound->sin_addr = BitConverter.ToUInt32([127, 0, 0, 1]);
        uint length = (uint)sizeof(sockaddr_in);
        Assert.That(Libc.Bind(listener, bound, length), Is.Zero);
        Assert.That(Libc.Listen(listener, 128), Is.Zero);
        Libc.GetSockName(listener, bound, &length);
        address = *bound;
        return listener;
    }

    public static unsafe void Send(int fd, ReadOnlySpan<byte> data, int flags = 0)
    {
        fixed (byte* bytes = data)
        {
            var sent = (int)Libc.Send(fd, bytes, (nuint)data.Length, SocketAbi.MSG_NOSIGNAL | flags);
            Assert.That(sent, Is.EqualTo(data.Length));
        }
    }

    public static unsafe byte[] Receive(int fd, int count)
    {
        byte[] data = new byte[count];
        fixed (byte* bytes = data)
        {
            for (int got = 0; got < count;)
            {
                int result = (int)Libc.Recv(fd, bytes + got, (nuint)(count - got), 0);
                Assert.That(result, Is.Positive, $"after {got} of {count} bytes");
                got += result;
            }
        }

        return data;
    }
}
