using Gain.Mail;

namespace Gain.Writing;

/// <remarks>Writes by handles, on the worker's own thread.</remarks>
internal sealed unsafe partial class ConnectionWriter
{
    [ThreadStatic]
    private static ConnectionWriter? s_current;

    // The mailbox's end when this thread posted last: what it asks of a handle is done in order.
    private uint _ownMailEnd;

    /// <summary>The writer of the worker whose thread calls; null on any other.</summary>
    public static ConnectionWriter? Current => s_current;

    /// <summary>Says that the calling thread is the worker's.</summary>
    public void EnterThread() => s_current = this;

    /// <summary>Says that it is not anymore.</summary>
    public static void LeaveThread() => s_current = null;

    /// <summary>
    /// Writes to a connection by its handle, on the worker's own thread: in order with what the callback
    /// writes itself. Not when the thread has posted something that is not read yet, with which it is in
    /// order, too.
    /// </summary>
    /// <returns>
    /// Whether it was done; if not, for want of room too, it goes by the mailbox, where it is refused in the
    /// end.
    /// </returns>
    public bool TryWriteHere(Mailbox mailbox, int index, uint generation, ReadOnlySpan<byte> data)
    {
        if (!ReferenceEquals(mailbox, _table.Mailbox) || mailbox.IsBefore(_ownMailEnd))
        {
            return false;
        }

        // A write that is refused goes by the mailbox, and what follows it does as well.
        bool isThere = (uint)index < (uint)_table.UsedSlots
            && _table[index].Generation == generation
            && _table[index].Fd >= 0;
        return isThere && TryWrite(ref _table[index], data);
    }

    /// <summary>Notes that the worker's own thread has posted something.</summary>
    public void NoteOwnPost(Mailbox mailbox)
    {
        if (ReferenceEquals(mailbox, _table.Mailbox))
        {
            _ownMailEnd = mailbox.End;
        }
    }
}
