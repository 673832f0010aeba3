using System.Collections.Concurrent;
using Gain.Mail;

namespace Gain.Workers;

/// <remarks>
/// What other threads want dialled waits in a queue, as long as the mailbox has places, and a command in the
/// mailbox stands for each.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    private readonly ConcurrentQueue<PostedDial> _requests = new();

    /// <summary>Asks for a connection. Any thread.</summary>
    internal void Post(PostedDial request)
    {
        _requests.Enqueue(request);
        if (!_worker.Mailbox.TryPost(Command.Dial()))
        {
            // One command less than requests: the last of them has none, whichever that is.
            if (_requests.TryDequeue(out PostedDial? last))
            {
                last.Fail(new GainException(
                    GainError.LimitReached,
                    $"Cannot dial: the mailbox of worker {_worker.Settings.Index} is full. Try again later, "
                    + "or raise GainOptions.Limits.MailboxCapacity."));
            }
        }
        else if (Volatile.Read(ref _isClosed))
        {
            // The worker has ended, and may have looked before this one was there.
            FailRequests();
        }
    }

    /// <summary>Begins the connection that a command stands for.</summary>
    internal void TakeRequest()
    {
        if (!_requests.TryDequeue(out PostedDial? posted))
        {
            return;
        }

        if (posted is DatagramRequest datagrams)
        {
            BeginDatagrams(datagrams);
            return;
        }

        var request = (DialRequest)posted;

        int index;
        try
        {
            if (!request.TryBegin(this, out index))
            {
                request.Fail(Refused());
                return;
            }
        }
        catch (InvalidOperationException unknown)
        {
            request.Fail(unknown);
            return;
        }

        request.NoteBegun(HandleOf(index));
        Await(index, request);
    }

    private GainException Refused() => _worker.Stopper.HasBegun
        ? new GainException(GainError.AlreadyStopped, "Cannot dial: the server stops.")
        : new GainException(
            GainError.LimitReached,
            "Cannot dial: as many connections are open as GainOptions.Limits.MaxConnections, or "
            + "GainOptions.Limits.MaxConnectionsPerWorker, allows.");

    /// <summary>Nothing is dialled anymore: the worker ends.</summary>
    internal void Close()
    {
        // Pairs with the look in Post: either that sees this, or this the request.
        Volatile.Write(ref _isClosed, true);
        Interlocked.MemoryBarrier();
        FailRequests();
    }

    private void FailRequests()
    {
        while (_requests.TryDequeue(out PostedDial? request))
        {
            request.Fail(new GainException(
                GainError.AlreadyStopped, "Cannot dial: the server has stopped."));
        }
    }
}
