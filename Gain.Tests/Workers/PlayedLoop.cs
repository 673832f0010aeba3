using Gain.Kernel;
using Gain.Rings;
using Gain.Uring;

namespace Gain.Tests.Workers;

/// <summary>
/// What is behind a <see cref="PlayedRing"/>: the accept that is armed has the answers in their order, and
/// time passes only in waits.
/// </summary>
internal sealed class PlayedLoop(Queue<int> answers, Action whenDone) : IRingFactory<PlayedRing>
{
    private ulong? _accept;

    public long NowMs { get; private set; } = 1_000;

    public Queue<CompletionEntry> Completions { get; } = new();

    public List<ulong> Messages { get; } = [];

    public List<int> Closed { get; } = [];

    /// <summary>The waits without an accept, in milliseconds.</summary>
    public List<long> WaitsMs { get; } = [];

    public PlayedRing Create(RingSettings settings) => new(this);

    public void ArmAccept(ulong userData)
    {
        Assert.That(_accept, Is.Null, "two accepts are armed");
        _accept = userData;
    }

    public void Cancel(ulong target, ulong userData)
    {
        Assert.That(_accept, Is.EqualTo(target));
        _accept = null;
        Completions.Enqueue(new CompletionEntry(target, -Errno.ECANCELED, 0));
        Completions.Enqueue(new CompletionEntry(userData, 0, 0));
    }

    public void Enter(long timeoutNs)
    {
        if (Completions.Count != 0)
        {
            return;
        }

        if (_accept is not { } accept)
        {
            Assert.That(timeoutNs, Is.Positive, "nothing is armed, and nothing would end the wait");
            WaitsMs.Add(timeoutNs / 1_000_000);
            NowMs += timeoutNs / 1_000_000;
        }
        else if (answers.TryDequeue(out int answer))
        {
            _accept = answer >= 0 ? accept : null;
            uint flags = answer >= 0 ? IORING_CQE.IORING_CQE_F_MORE : 0;
            Completions.Enqueue(new CompletionEntry(accept, answer, flags));
        }
        else
        {
            whenDone();
        }
    }
}
