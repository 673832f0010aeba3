using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <summary>
/// A socket for datagrams that another thread wants dialled. A worker that has its limit passes it on, and of
/// a name's addresses the first is taken that can be connected to.
/// </summary>
internal abstract class DatagramRequest : PostedDial
{
    private readonly TaskCompletionSource<DatagramHandle> _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly RemoteEnd _target;
    private readonly WorkerGroup _workers;
    private readonly int _workerCount;
    private int _worker;
    private int _refused;
    private GainAddress[] _addresses = [];
    private int _nextAddress;
    private DatagramHandle _handle;

    /// <param name="target">Where to.</param>
    /// <param name="workers">The server's workers.</param>
    /// <param name="workerCount">How many there are.</param>
    /// <param name="first">The one that is asked first.</param>
    protected DatagramRequest(RemoteEnd target, WorkerGroup workers, int workerCount, int first)
    {
        _target = target;
        Current = target;
        _workers = workers;
        _workerCount = workerCount;
        _worker = first;
    }

    /// <summary>Where to: of a name, the address whose turn it is.</summary>
    protected RemoteEnd Current { get; private set; }

    /// <summary>The socket, when it is open.</summary>
    public Task<DatagramHandle> Ended => _ended.Task;

    public override bool IsCancelled => _ended.Task.IsCanceled;

    /// <summary>Asks the worker whose turn it is. Any thread.</summary>
    public void Post() => _workers.Dial(_worker, this);

    /// <summary>Begins the socket. The worker's thread.</summary>
    /// <param name="door">The worker's.</param>
    /// <param name="place">The socket's place; null while its name is looked up.</param>
    /// <returns>False at the worker's limit, and while it stops.</returns>
    public abstract bool TryBegin(OutgoingDoor door, out DatagramPlace? place);

    /// <summary>It has begun.</summary>
    public void NoteBegun(DatagramHandle handle) => _handle = handle;

    /// <summary>A worker has its limit: asks the next.</summary>
    /// <returns>False when all were asked.</returns>
    public bool TryNextWorker()
    {
        if (++_refused == _workerCount)
        {
            return false;
        }

        _worker = (_worker + 1) % _workerCount;
        Post();
        return true;
    }

    /// <summary>Finds out what its name stands for, and goes on then.</summary>
    public void Resolve(DialName name, NameSource names)
    {
        if (names.TryFind(name, out GainAddress[] addresses))
        {
            Take(addresses);
        }
        else
        {
            names.Ask(new DatagramNameWaiter(name, this));
        }
    }

    /// <summary>Its name stands for these. Any thread, once.</summary>
    public void Take(GainAddress[] addresses)
    {
        if (addresses.Length == 0)
        {
            Fail(new ConnectFailure(ConnectFailureReason.NameUnresolved, 0, default));
            return;
        }

        _addresses = addresses;
        TakeAddress();
    }

    private void TakeAddress()
    {
        Current = new RemoteEnd(_addresses[_nextAddress++], RemoteScheme.Datagrams);
        Post();
    }

    /// <summary>Whoever waits does so no longer, unless it is over. Any thread.</summary>
    public void Cancel(CancellationToken token) => _ended.TrySetCanceled(token);

    public override bool Complete() => _ended.TrySetResult(_handle);

    public override void Fail(ConnectFailure failure)
    {
        if (_nextAddress < _addresses.Length && !IsCancelled
            && failure.Reason != ConnectFailureReason.Cancelled)
        {
            TakeAddress();
            return;
        }

        _ended.TrySetException(GainException.ForConnect($"{_target}", failure));
    }

    public override void Fail(Exception why) => _ended.TrySetException(why);
}
