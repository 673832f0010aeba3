using System.Collections.Concurrent;
using Gain.Mail;

namespace Gain.Workers;

/// <summary>
/// The answers that have come for a worker's dials. There is one for each dial that has asked, so that it
/// needs no limit of its own, and no answer is lost because the mailbox is full.
/// </summary>
internal sealed class NameInbox(Mailbox mailbox)
{
    private readonly ConcurrentQueue<NameWaiter> _answered = new();

    /// <summary>Whether an answer waits. The worker's thread.</summary>
    public bool HasAnswers => !_answered.IsEmpty;

    /// <summary>Adds an answer, and wakes the worker. Any thread.</summary>
    public void Add(NameWaiter waiter)
    {
        _answered.Enqueue(waiter);
        mailbox.WakeIfSleeping();
    }

    /// <summary>Takes the next answer. The worker's thread.</summary>
    public bool TryTake(out NameWaiter? waiter) => _answered.TryDequeue(out waiter);
}
