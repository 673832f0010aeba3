using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>Sessions that await something else than their connection, and how they come back.</remarks>
internal abstract unsafe partial class SessionHost
{
    // What comes from other threads, the last one first; the worker takes it as a whole.
    private SessionNode? _arrived;

    // What is to run, in order.
    private SessionNode? _first;
    private SessionNode? _last;

    /// <summary>Whether something is to run.</summary>
    public bool HasWork => _first is not null || Volatile.Read(ref _arrived) is not null;

    /// <summary>Something is to run on the worker. Any thread; it cannot fail.</summary>
    public void Enqueue(SessionNode node)
    {
        SessionNode? head = Volatile.Read(ref _arrived);
        while (true)
        {
            node.Next = head;

            // Release, and a full barrier: the worker that takes it sees what was stored before.
            SessionNode? seen = Interlocked.CompareExchange(ref _arrived, node, head);
            if (ReferenceEquals(seen, head))
            {
                break;
            }

            head = seen;
        }

        _table.Mailbox.WakeIfSleeping();
    }

    /// <summary>Takes what is to run next; what comes while it runs may wait for the next turn.</summary>
    public bool TryTakeWork(out SessionNode node)
    {
        node = _first!;
        if (_first is null)
        {
            return false;
        }

        _first = node.Next;
        _last = _first is null ? null : _last;
        node.Next = null;
        return true;
    }

    /// <summary>Takes in what has come from other threads.</summary>
    public void CollectWork()
    {
        SessionNode? arrived = Volatile.Read(ref _arrived) is null
            ? null
            : Interlocked.Exchange(ref _arrived, null);
        SessionNode? oldest = null;
        while (arrived is not null)
        {
            SessionNode? next = arrived.Next;
            arrived.Next = oldest;
            oldest = arrived;
            arrived = next;
        }

        while (oldest is not null)
        {
            SessionNode? next = oldest.Next;
            AddReady(oldest);
            oldest = next;
        }
    }

    /// <summary>The slot whose session it is; none where its connection is over.</summary>
    public int OwnerOf(SessionNode node) =>
        node switch
        {
            SessionBox box when IsAlive(box.Slot, box.Generation) => box.Slot,
            AdapterWork work when IsAlive(work.Slot, work.Generation) => work.Slot,
            _ => Slot.None,
        };

    /// <summary>Runs it.</summary>
    public void Run(SessionNode node)
    {
        if (node is PostedWork work)
        {
            work.Run();
            return;
        }

        if (node is AdapterWork asked)
        {
            asked.Run();
            return;
        }

        var box = (SessionBox)node;
        if (box.IsEndDue)
        {
            box.IsEndDue = false;
            _ = Answer(false);
        }
        else
        {
            EndAway(box);
        }

        Run(box);
    }

    /// <summary>
    /// What is running awaits something else than its connection. What it has not answered is an answer that
    /// is due.
    /// </summary>
    /// <returns>The synchronization context, which is out of the way until it is set again.</returns>
    public SynchronizationContext? BeginAway(SessionBox box)
    {
        box.HoldPlace = -1;
        if (IsAlive(box.Slot, box.Generation) && AdapterOf(box.Slot) is { } adapter)
        {
            box.HoldPlace = Counted;
            adapter.NoteAway();
        }
        else if (TryHoldAway(box.Slot, box.Generation, out int place, out uint ticket))
        {
            box.HoldPlace = place;
            box.HoldTicket = ticket;
        }

        box.GoAway();
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        return context;
    }

    /// <summary>The awaiter has thrown instead.</summary>
    public void CancelAway(SessionBox box)
    {
        box.StayHere();
        EndAway(box);
    }

    private void EndAway(SessionBox box)
    {
        if (box.HoldPlace >= 0)
        {
            EndHold(box.Slot, box.Generation, box.HoldPlace, box.HoldTicket);
        }
        else if (box.HoldPlace == Counted && IsAlive(box.Slot, box.Generation))
        {
            AdapterOf(box.Slot)?.NoteBack();
        }

        box.HoldPlace = -1;
    }

    private void AddReady(SessionNode node)
    {
        node.Next = null;
        if (_last is null)
        {
            _first = node;
        }
        else
        {
            _last.Next = node;
        }

        _last = node;
    }
}
