using Gain.Mail;
using Gain.Rings;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// An acceptor, whatever its balancer. What is virtual here is called at start and stop, and by observers.
/// </summary>
/// <typeparam name="TRing">The ring that it runs on.</typeparam>
internal abstract class AcceptorLoop<TRing>
    where TRing : struct, IRing
{
    /// <summary>Takes the server's listening sockets; the acceptor closes them.</summary>
    public abstract void TakeListeners(ListenerSet listeners);

    /// <summary>Says whom to hand connections to.</summary>
    public abstract void Connect(Mailbox[] workers, RingTargets targets);

    /// <summary>Makes the ring, on the acceptor's own thread.</summary>
    public abstract void Open(IRingFactory<TRing> factory);

    /// <summary>Accepts until a stop is asked for.</summary>
    public abstract void Run();

    /// <summary>Releases everything. The loop has ended in order, or has not begun.</summary>
    public abstract void Close();

    /// <summary>Ends an acceptor whose loop has failed.</summary>
    public abstract void Abandon();

    /// <summary>Wakes it, so that it sees a change of the server's state. Any thread.</summary>
    public abstract void Notify();

    /// <summary>What it has counted so far. Any thread.</summary>
    public abstract WorkerCounters ReadCounters();

    /// <summary>The sockets that wait for a hand-over now. Any thread.</summary>
    public abstract int Pending { get; }

    /// <summary>When the turn began that it is in; 0 while it waits. Any thread.</summary>
    public abstract long BusySinceMs { get; }

    /// <summary>What it asks whom to give connections to.</summary>
    public abstract string BalancerName { get; }

    /// <summary>Notes the bytes that this thread has allocated since its loop began.</summary>
    public abstract void CountAllocations(long sinceBytes);
}
