using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Uring;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Workers;

/// <summary>
/// What is behind a <see cref="PlayedRing"/>: the accept that is armed has the answers in their order, the
/// one connection's receive has its own at their moments, and time passes only in waits.
/// </summary>
internal sealed class PlayedLoop(Queue<int> answers, Action whenDone) : IRingFactory<PlayedRing>
{
    private ulong? _accept;
    private bool _acceptsOne;
    private ulong? _receive;
    private ulong? _hangUp;

    public long NowMs { get; private set; } = 1_000;

    public Queue<CompletionEntry> Completions { get; } = new();

    public List<ulong> Messages { get; } = [];

    public List<int> Closed { get; } = [];

    /// <summary>When each of <see cref="Closed"/> was closed.</summary>
    public List<long> ClosedMs { get; } = [];

    /// <summary>When accepts were armed.</summary>
    public List<long> ArmedMs { get; } = [];

    /// <summary>What the receive completes with, and when.</summary>
    public Queue<(long AtMs, int Result)> Receives { get; } = new();

    /// <summary>The connections that were to be reset by their close.</summary>
    public List<int> Resets { get; } = [];

    /// <summary>What the wait for the peer's end completes with, as soon as it is armed.</summary>
    public int? HangUp { get; set; }

    /// <summary>The waits without an accept, in milliseconds.</summary>
    public List<long> WaitsMs { get; } = [];

    /// <summary>A real socket to listen on, where its kind matters.</summary>
    public static ListenerSet Listen(GainOptions options, ILogger logger) =>
        ListenPlan<EchoProtocol>.Of(new EchoProtocol(), ListenAddress.Parse("tcp://127.0.0.1:0"))
            .Open(options, logger);

    /// <summary>Closes what <see cref="Listen"/> opened, as the loop's own close was played.</summary>
    public void CloseListeners(ListenerSet? listeners)
    {
        if (listeners is not null)
        {
            Libc.Close(Closed[^1]);
        }
    }

    public PlayedRing Create(RingSettings settings) => new(this);

    public void ArmAccept(ulong userData, bool takesOne)
    {
        Assert.That(_accept, Is.Null, "two accepts are armed");
        _accept = userData;
        _acceptsOne = takesOne;
        ArmedMs.Add(NowMs);
    }

    public void ArmReceive(ulong userData)
    {
        Assert.That(_receive, Is.Null, "two receives are armed");
        _receive = userData;
    }

    public void ArmHangUp(ulong userData)
    {
        Assert.That(_hangUp, Is.Null, "two waits for the peer's end are armed");
        _hangUp = userData;
    }

    public void Cancel(ulong target, ulong userData)
    {
        Assert.That(target, Is.EqualTo(_accept).Or.EqualTo(_receive));
        _accept = target == _accept ? null : _accept;
        _receive = target == _receive ? null : _receive;
        Completions.Enqueue(new CompletionEntry(target, -Errno.ECANCELED, 0));
        Completions.Enqueue(new CompletionEntry(userData, 0, 0));
    }

    public void Close(int descriptor)
    {
        Closed.Add(descriptor);
        ClosedMs.Add(NowMs);
    }

    public void Enter(long timeoutNs)
    {
        if (Completions.Count != 0)
        {
            return;
        }

        if (_hangUp is { } hangUp && HangUp is { } result)
        {
            _hangUp = null;
            Completions.Enqueue(new CompletionEntry(hangUp, result, 0));
        }
        else if (_accept is { } accept && answers.TryDequeue(out int answer))
        {
            Answer(accept, answer);
        }
        else if (_receive is { } receive)
        {
            WaitForReceive(receive, timeoutNs);
        }
        else if (_accept is null)
        {
            Assert.That(timeoutNs, Is.Not.Negative, "nothing is armed, and nothing would end the wait");
            if (timeoutNs != 0)
            {
                WaitsMs.Add(timeoutNs / 1_000_000);
            }

            NowMs += timeoutNs / 1_000_000;
        }
        else
        {
            whenDone();
        }
    }

    private void Answer(ulong accept, int answer)
    {
        bool goesOn = answer >= 0 && !_acceptsOne;
        _accept = goesOn ? accept : null;
        Completions.Enqueue(new CompletionEntry(accept, answer, goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0));
    }

    private void WaitForReceive(ulong receive, long timeoutNs)
    {
        long untilMs = NowMs + (timeoutNs / 1_000_000);
        if (Receives.TryPeek(out (long AtMs, int Result) next) && (timeoutNs < 0 || next.AtMs <= untilMs))
        {
            NowMs = Math.Max(NowMs, next.AtMs);
            _receive = null;
            Completions.Enqueue(new CompletionEntry(receive, Receives.Dequeue().Result, 0));
            return;
        }

        Assert.That(timeoutNs, Is.Not.Negative, "a receive is armed that nothing comes for");
        NowMs = untilMs;
    }
}
