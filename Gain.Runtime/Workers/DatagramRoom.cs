using Gain.Mail;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// Sockets for datagrams that a worker has dialled, as the rest of the worker sees them. What implements it
/// is made by the first dial: a program that dials none contains none of it.
/// </summary>
internal abstract class DatagramRoom
{
    /// <summary>Whether something is to be done before the worker may wait.</summary>
    public abstract bool HasWork { get; }

    /// <summary>Whether any is there.</summary>
    public abstract bool HasAny { get; }

    /// <summary>Handles a completion of one.</summary>
    public abstract void Handle(CompletionEntry completion);

    /// <summary>Does what they need, and what the turn's callbacks have left, before the worker
    /// waits.</summary>
    public abstract void Settle();

    /// <summary>Does what another thread wants of one.</summary>
    public abstract void Execute(Command command);

    /// <summary>The idle time of one may be over.</summary>
    public abstract void Expire(int place);

    /// <summary>A stop ends them; once its time is over, without what had arrived.</summary>
    public abstract void Stop(bool isLate);

    /// <summary>The worker has failed, and no completion comes anymore.</summary>
    public abstract void Abandon();

    /// <summary>Adds how many there are, and what they have sent. Any thread.</summary>
    public abstract void AddCounts(ref WorkerCounters counters);

    /// <summary>Frees their memory: the worker has ended.</summary>
    public abstract void Close();
}
