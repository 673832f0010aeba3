using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>A connection that another thread wants dialled. It ends once, on whichever thread.</summary>
internal abstract class DialRequest(RemoteEnd target) : PostedDial
{
    private readonly TaskCompletionSource<ConnectionHandle> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Lock _gate = new();
    private ConnectionHandle _handle;
    private bool _isCancelled;

    /// <summary>Where to.</summary>
    protected RemoteEnd Target => target;

    /// <summary>The connection, when it is up.</summary>
    public Task<ConnectionHandle> Ended => _ended.Task;

    /// <summary>Begins the connection. The worker's thread.</summary>
    /// <returns>As <see cref="OutgoingDoor.TryDial"/>.</returns>
    public abstract bool TryBegin(OutgoingDoor door, out int index);

    /// <summary>It has begun: from now on a cancellation gives the connection up.</summary>
    public void NoteBegun(ConnectionHandle handle)
    {
        lock (_gate)
        {
            _handle = handle;
            if (!_isCancelled)
            {
                return;
            }
        }

        _ = handle.TryAbort();
    }

    /// <summary>Whoever waited does so no longer.</summary>
    public override bool IsCancelled => _ended.Task.IsCanceled;

    /// <summary>Whoever waits does so no longer, unless it is over. Any thread.</summary>
    public void Cancel(CancellationToken token)
    {
        if (!_ended.TrySetCanceled(token))
        {
            return;
        }

        ConnectionHandle handle;
        lock (_gate)
        {
            _isCancelled = true;
            handle = _handle;
        }

        // It need not be read: the connection is not given to anybody, up or not.
        _ = handle.TryAbort();
    }

    /// <summary>The connection is up.</summary>
    /// <returns>False when it was cancelled before: nobody has it.</returns>
    public override bool Complete() => _ended.TrySetResult(_handle);

    /// <summary>It did not come up.</summary>
    public override void Fail(ConnectFailure failure) =>
        _ended.TrySetException(GainException.ForConnect($"{target}", failure));

    public override void Fail(Exception why) => _ended.TrySetException(why);
}
