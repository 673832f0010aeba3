using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Tests.Server;
using Gain.Uring;
using Gain.Workers;
using Microsoft.Extensions.Logging;

namespace Gain.Tests.Workers;

/// <summary>
/// What is behind a <see cref="PlayedRing"/>: the accept that is armed has the answers in their order,
/// receives and sends have their own at their moments, those that were armed first before others, and time
/// passes only in waits.
/// </summary>
internal sealed class PlayedLoop(Queue<int> answers, Action whenDone) : IRingFactory<PlayedRing>
{
    private ulong? _accept;
    private bool _acceptsOne;
    private readonly List<ulong> _receives = [];
    private readonly List<ulong> _sends = [];
    private readonly List<ulong> _hangUps = [];

    public long NowMs { get; set; } = 1_000;

    public Queue<CompletionEntry> Completions { get; } = new();

    public List<ulong> Messages { get; } = [];

    public List<int> Closed { get; } = [];

    /// <summary>When each of <see cref="Closed"/> was closed.</summary>
    public List<long> ClosedMs { get; } = [];

    /// <summary>When accepts were armed.</summary>
    public List<long> ArmedMs { get; } = [];

    /// <summary>What receives complete with, and when.</summary>
    public Queue<(long AtMs, int Result)> Receives { get; } = new();

    /// <summary>What sends complete with, and when; those in the turn itself are not played.</summary>
    public Queue<(long AtMs, int Result)> Sends { get; } = new();

    /// <summary>The operation of the ring that fails once, by a defect; null for none.</summary>
    public string? Failing { get; set; }

    /// <summary>The connections that were to be reset by their close.</summary>
    public List<int> Resets { get; } = [];

    /// <summary>What the wait for the peer's end completes with, as soon as it is armed.</summary>
    public int? HangUp { get; set; }

    /// <summary>Whether all accepts complete in one batch.</summary>
    public bool AcceptsTogether { get; set; }

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

    public void ArmReceive(ulong userData) => Arm(_receives, userData);

    public void ArmSend(ulong userData) => Arm(_sends, userData);

    public void ArmHangUp(ulong userData) => Arm(_hangUps, userData);

    public void FailIfAsked(string operation)
    {
        if (operation == Failing)
        {
            Failing = null;
            throw new InvalidOperationException($"{operation} has a defect.");
        }
    }

    public void Cancel(ulong target, ulong userData)
    {
        bool wasAccept = target == _accept;
        _accept = wasAccept ? null : _accept;
        bool wasArmed = wasAccept || _receives.Remove(target) || _sends.Remove(target)
            || _hangUps.Remove(target);
        Assert.That(wasArmed, "something is cancelled that is not armed");
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

        if (_hangUps.Count != 0 && HangUp is { } result)
        {
            Complete(_hangUps, result);
        }
        else if (_accept is { } accept && answers.TryDequeue(out int answer))
        {
            Answer(accept, answer);
            while (AcceptsTogether && _accept is { } next && answers.TryDequeue(out answer))
            {
                Answer(next, answer);
            }
        }
        else if (_receives.Count + _sends.Count != 0)
        {
            WaitForTransfer(timeoutNs);
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

    private static void Arm(List<ulong> armed, ulong userData)
    {
        Assert.That(armed, Does.Not.Contain(userData), "a connection's operation is armed twice");
        armed.Add(userData);
    }

    private void Answer(ulong accept, int answer)
    {
        bool goesOn = answer >= 0 && !_acceptsOne;
        _accept = goesOn ? accept : null;
        Completions.Enqueue(new CompletionEntry(accept, answer, goesOn ? IORING_CQE.IORING_CQE_F_MORE : 0));
    }

    private void WaitForTransfer(long timeoutNs)
    {
        long untilMs = timeoutNs < 0 ? long.MaxValue : NowMs + (timeoutNs / 1_000_000);
        long receiveMs = NextOf(_receives, Receives);
        long sendMs = NextOf(_sends, Sends);
        long firstMs = Math.Min(receiveMs, sendMs);
        if (firstMs == long.MaxValue || firstMs > untilMs)
        {
            Assert.That(timeoutNs, Is.Not.Negative, "a receive or send is armed that nothing comes for");
            NowMs = untilMs;
            return;
        }

        NowMs = Math.Max(NowMs, firstMs);
        if (sendMs == firstMs)
        {
            Complete(_sends, Sends.Dequeue().Result);
        }
        else
        {
            Complete(_receives, Receives.Dequeue().Result);
        }
    }

    private static long NextOf(List<ulong> armed, Queue<(long AtMs, int Result)> answers) =>
        armed.Count != 0 && answers.TryPeek(out (long AtMs, int Result) next) ? next.AtMs : long.MaxValue;

    private void Complete(List<ulong> armed, int result)
    {
        ulong userData = armed[0];
        armed.RemoveAt(0);
        uint flags = armed == _receives && result > 0 ? IORING_CQE.IORING_CQE_F_BUFFER : 0;
        Completions.Enqueue(new CompletionEntry(userData, result, flags));
    }
}
