using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Rings;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <summary>
/// The sockets that a thread listens on, a worker's or the acceptor's, and the gate at them: when they
/// accept, for which reasons they do not, how long after an error, at which rate, and how a stop empties
/// their queues.
/// </summary>
/// <param name="count">How many there are when the server starts.</param>
/// <param name="admission">The rate that the threads share.</param>
internal sealed partial class Listeners(int count, Admission admission)
{
    /// <summary>A moment that does not come.</summary>
    public const long Never = long.MaxValue;

    // With places for those that are added while the server runs: nothing grows on the thread.
    private readonly Listener[] _items = MakeNone(count + MaxAdded);

    private Span<Listener> Used => _items.AsSpan(0, Count);

    private AcceptHold _hold;
    private int _backoffMs;
    private bool _isStopping;

    /// <summary>How many places were taken so far, also by those that another thread listens on.</summary>
    public int Count { get; private set; } = count;

    /// <summary>One of them.</summary>
    public ref Listener this[int index] => ref _items[index];

    /// <summary>When an accept that failed is tried again.</summary>
    public long RetryAtMs { get; private set; } = Never;

    /// <summary>When the next of those that were accepted too soon is to be taken in.</summary>
    public long EarlyAtMs
    {
        get
        {
            long next = Never;
            foreach (ref readonly Listener listener in Used)
            {
                if (listener.Early >= 0)
                {
                    next = Math.Min(next, listener.EarlyUntilMs);
                }
            }

            return next;
        }
    }

    /// <summary>Whether datagrams arrive on any.</summary>
    public bool AnyTakesDatagrams
    {
        get
        {
            foreach (ref readonly Listener listener in Used)
            {
                if (listener.IsDatagram)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether anything is in flight on one of them, or one is open.</summary>
    // A loop, as the first delegate of a lambda is allocated, and this is asked on workers.
    public bool AnyListens
    {
        get
        {
            foreach (ref readonly Listener listener in Used)
            {
                if (listener.IsArmed || (listener.IsDatagram ? !listener.IsEnding : listener.Fd >= 0))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Takes a thread's listening sockets, which are closed with it.</summary>
    /// <param name="set">The server's sockets.</param>
    /// <param name="thread">Whose they are: a worker's number, 0 for the acceptor's.</param>
    /// <param name="settings">What accepted sockets are to be given.</param>
    /// <param name="accepts">Whether the thread accepts.</param>
    /// <param name="takesDatagrams">Whether it takes datagrams.</param>
    public void Take(ListenerSet set, int thread, SocketSettings settings, bool accepts, bool takesDatagrams)
    {
        for (int i = 0; i < Count; i++)
        {
            byte address = (byte)set.AddressOf(i);
            if (set.IsDatagram(i) ? !takesDatagrams : !accepts)
            {
                _items[i] = new Listener(-1, isDatagram: false) { Address = address };
                continue;
            }

            int fd = set.TakeListener(thread, i);
            _items[i] = new Listener(fd, set.IsDatagram(i), set.IsShared(i))
            {
                Adjustments = AcceptedSocketOptions.For(settings, fd),
                IsPassed = set.IsPassed(i),
                Address = address,
            };
        }
    }

    /// <summary>Takes listening sockets of the ring's own kind.</summary>
    public void Take(ReadOnlySpan<int> descriptors)
    {
        for (int i = 0; i < Count; i++)
        {
            _items[i] = new Listener(descriptors[i], isDatagram: false);
        }
    }

    /// <summary>Prepares the accept of one.</summary>
    public void Arm<TRing>(ref TRing ring, int index)
        where TRing : struct, IRing => _items[index].ArmAccept(ref ring, index, admission.LimitsRate);

    /// <summary>
    /// Notes how an accept has ended, and prepares the next one: before a callback, which may throw.
    /// </summary>
    public AcceptOutcome Handle<TRing>(ref TRing ring, CompletionEntry completion, long nowMs)
        where TRing : struct, IRing
    {
        int index = Token.SlotOf(completion.UserData);
        ref Listener listener = ref _items[index];
        if (!completion.HasMore)
        {
            listener.IsArmed = false;
        }

        AcceptOutcome outcome = completion.Result < 0
            ? HandleError(-completion.Result, nowMs)
            : HandleAccepted(ref listener, completion.Result, nowMs);
        ArmIfWanted(ref ring, index);
        return outcome;
    }

    private AcceptOutcome HandleAccepted(ref Listener listener, int fd, long nowMs)
    {
        _backoffMs = 0;
        if (!admission.LimitsRate || _isStopping)
        {
            return AcceptOutcome.Accepted;
        }

        long waitMs = admission.ReserveAccept(nowMs);
        if (waitMs == 0)
        {
            return AcceptOutcome.Accepted;
        }

        listener.Early = fd;
        listener.EarlyUntilMs = nowMs + waitMs;
        return AcceptOutcome.Early;
    }

    // EMFILE, ENFILE, ENOBUFS, ENOMEM and what is unknown: the next try would fail as well. The clients wait
    // in the listen queue meanwhile.
    private AcceptOutcome HandleError(int error, long nowMs)
    {
        if (error == Errno.ECANCELED || (error == Errno.EINVAL && _isStopping))
        {
            return AcceptOutcome.Nothing;
        }

        if (AcceptErrors.IsOfOneConnection(error))
        {
            return AcceptOutcome.Lost;
        }

        bool isFirst = _backoffMs == 0;
        _backoffMs = AcceptErrors.NextBackoff(_backoffMs);
        if (!_isStopping)
        {
            _hold |= AcceptHold.Error;
            RetryAtMs = nowMs + _backoffMs;
        }

        return isFirst ? AcceptOutcome.Failed : AcceptOutcome.FailedAgain;
    }

    // One that is being cancelled is armed by its last completion.
    private void ArmIfWanted<TRing>(ref TRing ring, int index)
        where TRing : struct, IRing
    {
        ref readonly Listener listener = ref _items[index];
        if (!listener.IsArmed && !listener.IsDatagram && !listener.IsEnding
            && _hold == AcceptHold.None && !_isStopping)
        {
            Arm(ref ring, index);
        }
    }

    /// <summary>Whether nothing is accepted for a reason.</summary>
    public bool IsHeldFor(AcceptHold reason) => (_hold & reason) != 0;

    /// <summary>Stops accepting until the reason is gone.</summary>
    public void Hold<TRing>(ref TRing ring, AcceptHold reason)
        where TRing : struct, IRing
    {
        bool isFirst = _hold == AcceptHold.None;
        _hold |= reason;
        if (isFirst)
        {
            Cancel(ref ring);
        }
    }

    /// <summary>A reason not to accept is gone, and nothing is accepted for now all the same.</summary>
    public void Forget(AcceptHold reason) => _hold &= ~reason;

    /// <summary>A reason not to accept is gone.</summary>
    public void Release<TRing>(ref TRing ring, AcceptHold reason)
        where TRing : struct, IRing
    {
        _hold &= ~reason;
        if (reason == AcceptHold.Error)
        {
            RetryAtMs = Never;
        }

        ArmAll(ref ring);
    }

    /// <summary>Prepares the accepts that are wanted and not in flight.</summary>
    public void ArmAll<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        for (int i = 0; i < Count; i++)
        {
            ArmIfWanted(ref ring, i);
        }
    }

    // Datagrams take no place that there could be too few of.
    private void Cancel<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        for (int i = 0; i < Count; i++)
        {
            if (_items[i].IsArmed && !_items[i].IsDatagram)
            {
                Cancel(ref ring, i);
            }
        }
    }

    private static void Cancel<TRing>(ref TRing ring, int index)
        where TRing : struct, IRing =>
        ring.PrepCancel(
            Token.Pack(Operation.Accept, index, 0), Token.Pack(Operation.CancelIgnored, index, 0));

    /// <summary>Takes one of those that were accepted too soon, if its moment has come.</summary>
    public bool TryTakeEarly<TRing>(ref TRing ring, long nowMs, out int index, out int fd)
        where TRing : struct, IRing
    {
        if (!TryTakeEarly(nowMs, out index, out fd))
        {
            return false;
        }

        ArmIfWanted(ref ring, index);
        return true;
    }

    /// <summary>Takes one of those that were accepted too soon.</summary>
    public bool TryTakeEarly(out int index, out int fd) => TryTakeEarly(Never, out index, out fd);

    private bool TryTakeEarly(long nowMs, out int index, out int fd)
    {
        for (index = 0; index < Count; index++)
        {
            ref Listener listener = ref _items[index];
            if (listener.Early >= 0 && listener.EarlyUntilMs <= nowMs)
            {
                fd = listener.Early;
                listener.Early = -1;
                return true;
            }
        }

        fd = -1;
        return false;
    }

    /// <summary>The server stops: nothing more is accepted but what waits already.</summary>
    public void BeginStop<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        _isStopping = true;
        RetryAtMs = Never;
        Cancel(ref ring);
    }

    /// <summary>
    /// While the server stops, takes one who waits in a listen queue; who waits in none closes the listener:
    /// from then on clients are refused, and do not wait for a server that serves nobody anymore.
    /// </summary>
    public bool TryTakeWaiting<TRing>(ref TRing ring, int index, long nowMs, out int fd)
        where TRing : struct, IRing
    {
        ref Listener listener = ref _items[index];
        fd = -1;
        if (listener.Fd < 0 || listener.IsDatagram || listener.IsArmed)
        {
            return false;
        }

        while (!listener.IsPassed && listener.TakenInAtStop < Listener.MaxTakenInAtStop)
        {
            fd = ring.AcceptNow(listener.Fd);
            if (fd == -Errno.EAGAIN)
            {
                break;
            }

            if (fd < 0 && !AcceptErrors.IsOfOneConnection(-fd))
            {
                // Without descriptors: there are some when connections have closed.
                RetryAtMs = nowMs + AcceptErrors.MaxBackoffMs;
                return false;
            }

            listener.TakenInAtStop++;
            if (fd >= 0)
            {
                return true;
            }
        }

        listener.Close(ref ring);
        return false;
    }

    /// <summary>The deadline of a stop has passed: what accepts and has nothing in flight is
    /// closed.</summary>
    public void CloseIdle<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        foreach (ref Listener listener in Used)
        {
            if (!listener.IsDatagram && !listener.IsArmed)
            {
                listener.Close(ref ring);
            }
        }
    }

    /// <summary>Closes all: nothing on them is in flight, or the ring ends next.</summary>
    public void Close<TRing>(ref TRing ring)
        where TRing : struct, IRing
    {
        foreach (ref Listener listener in Used)
        {
            listener.Close(ref ring);
        }
    }

    private static Listener[] MakeNone(int count)
    {
        var none = new Listener[count];
        none.AsSpan().Fill(new Listener(-1, isDatagram: false));
        return none;
    }
}
