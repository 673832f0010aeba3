using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Slots;
using Gain.Sockets;
using Gain.Uring;

namespace Gain.Workers;

/// <remarks>
/// Dials by name. Their slot has no socket at first. Each address is tried with a socket of its own: the
/// next one when one has failed, or a time after the last has begun (RFC 8305). The first that is up gives
/// its socket to the slot; the others are cancelled, and closed when nothing of them is in flight.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    private readonly DialAttempts _attempts;
    private readonly NameInbox _names;

    // Dials whose lookup is under way.
    private int _lookups;

    /// <summary>Whether an attempt has not come to its end.</summary>
    internal bool HasAttempts => _attempts.Count != 0;

    /// <summary>Whether the answer to a lookup waits.</summary>
    internal bool HasNames => _lookups != 0 && _names.HasAnswers;

    private DialSetting SettingOf(ref Slot slot) => _settings.Items[slot.Address - _settings.First];

    // Again and again, as whatever is written to a dial has it settled: there is nothing to do while the
    // name is looked up or an attempt is in flight.
    private void SettleNamed(int index, ref Slot slot, ref Dialled dialled)
    {
        if (dialled.Addresses is null && dialled.Lookup is null)
        {
            BeginLookup(index, ref slot, ref dialled);
        }

        if (dialled.Addresses is not null && dialled.NextAddress == 0)
        {
            TryNextAddress(index, ref slot);
        }
    }

    private void BeginLookup(int index, ref Slot slot, ref Dialled dialled)
    {
        DialSetting setting = SettingOf(ref slot);
        _worker.Deadlines.ArmRead(index, ref slot, setting.TimeoutMs, setting.TimeoutMs);
        if (setting.Names.TryFind(dialled.Target.Name!, out GainAddress[] known))
        {
            dialled.Addresses = known;
            return;
        }

        dialled.Lookup = new NameWaiter(dialled.Target.Name!, index, _names);
        _lookups++;
        setting.Names.Ask(dialled.Lookup);
    }

    /// <summary>Goes on with the dials whose names were looked up.</summary>
    internal void TakeNames()
    {
        while (_names.TryTake(out NameWaiter? waiter))
        {
            if (waiter!.IsOver)
            {
                continue;
            }

            ref Dialled dialled = ref _dialled[waiter.Slot];
            dialled.Addresses = waiter.Addresses;
            dialled.Lookup = null;
            _lookups--;
            _table.AddPending(ref _table[waiter.Slot]);
        }
    }

    /// <summary>The last attempt has had its time alone.</summary>
    internal void ExpireAttempt(int index, ref Slot slot)
    {
        if (!IsGivenUp(ref slot) && !_dialled[index].HasExpired)
        {
            TryNextAddress(index, ref slot);
        }
    }

    private void TryNextAddress(int index, ref Slot slot)
    {
        ref Dialled dialled = ref _dialled[index];
        GainAddress[] addresses = dialled.Addresses!;
        bool isTaken = false;
        while (!isTaken && dialled.NextAddress < addresses.Length && MayTry(ref dialled))
        {
            isTaken = TryAttempt(index, ref slot, ref dialled, addresses[dialled.NextAddress++]);
        }

        if (dialled.FirstAttempt == 0)
        {
            Fail(index, ref slot, addresses.Length != 0
                ? dialled.LastFailure
                : new ConnectFailure(ConnectFailureReason.NameUnresolved, 0, default));
        }
        else if (dialled.NextAddress < addresses.Length)
        {
            _worker.Deadlines.ArmAttempt(index, ref slot, SettingOf(ref slot).AttemptDelayMs);
        }
    }

    // Without room for a second attempt the next address waits for the timer, or for the first to fail.
    private bool MayTry(ref Dialled dialled) => dialled.FirstAttempt == 0 || _attempts.HasFurther;

    private bool TryAttempt(int index, ref Slot slot, ref Dialled dialled, GainAddress target)
    {
        int family = new RemoteEnd(target).Family;
        int fd = _attempts.IsFull
            ? -Errno.EMFILE
            : _worker.Ring.OpenOutgoing(SettingOf(ref slot).Sockets, family);
        if (fd < 0)
        {
            dialled.LastFailure = ConnectFailure.Of(-fd, target, isConnect: false);
            return false;
        }

        int number = _attempts.Take(fd, index, ref dialled.FirstAttempt, target);
        uint length = new RemoteEnd(target).ToSockAddr(out sockaddr_storage address);
        _worker.Ring.PrepConnect(
            fd, in address, length, Token.Pack(Operation.Attempt, number, _attempts[number].Generation));
        return true;
    }

    /// <summary>Handles the end of an attempt's connect.</summary>
    internal void HandleAttempt(CompletionEntry completion)
    {
        int number = Token.SlotOf(completion.UserData);
        if (!_attempts.IsCurrent(number, Token.GenerationOf(completion.UserData)))
        {
            _worker.DropStale(completion);
            return;
        }

        ref DialAttempt attempt = ref _attempts[number];
        attempt.IsConnecting = false;
        int index = attempt.Dial;
        if (index == Slot.None)
        {
            Release(number);
            return;
        }

        ref Slot slot = ref _table[index];
        GainAddress target = attempt.Target;
        bool isGivenUp = IsGivenUp(ref slot);
        int result = completion.Result == 0 && !isGivenUp
            ? _worker.Ring.FinishConnect(attempt.Fd)
            : completion.Result;
        bool isUp = result == 0 && !isGivenUp;
        if (isUp)
        {
            slot.Fd = attempt.Fd;
            attempt.Fd = Slot.NoSocket;
        }

        _attempts.Unlink(number, ref _dialled[index].FirstAttempt);
        Release(number);
        if (isUp)
        {
            Open(index, ref slot, target);
        }
        else if (!isGivenUp && !_dialled[index].HasExpired)
        {
            _dialled[index].LastFailure = ConnectFailure.Of(-result, target, isConnect: true);
            TryNextAddress(index, ref slot);
        }
    }

    // The dial is over, up or not: nobody waits for the answer, nor for what else it has tried.
    private void DropNamed(ref Dialled dialled)
    {
        if (dialled.Lookup is not null)
        {
            dialled.Lookup.GiveUp();
            _lookups--;
        }

        while (dialled.FirstAttempt != 0)
        {
            int number = dialled.FirstAttempt - 1;
            _attempts.Unlink(number, ref dialled.FirstAttempt);
            ArmCancelAttempt(number);
        }
    }

    private void ArmCancelAttempt(int number)
    {
        ref DialAttempt attempt = ref _attempts[number];
        attempt.IsCancelling = true;
        _worker.Ring.PrepCancel(
            Token.Pack(Operation.Attempt, number, attempt.Generation),
            Token.Pack(Operation.CancelAttempt, number, attempt.Generation));
    }

    /// <summary>Handles the end of an attempt's cancellation.</summary>
    internal void HandleCancelAttempt(CompletionEntry completion)
    {
        int number = Token.SlotOf(completion.UserData);
        if (!_attempts.IsCurrent(number, Token.GenerationOf(completion.UserData)))
        {
            _worker.DropStale(completion);
            return;
        }

        ref DialAttempt attempt = ref _attempts[number];
        attempt.IsCancelling = false;
        if (attempt.IsConnecting && completion.Result == -Errno.EALREADY)
        {
            ArmCancelAttempt(number);
        }
        else
        {
            Release(number);
        }
    }

    // Closed only when nothing of it is in flight: the completion would never come.
    private void Release(int number)
    {
        ref DialAttempt attempt = ref _attempts[number];
        if (attempt.IsInFlight)
        {
            return;
        }

        if (attempt.Fd != Slot.NoSocket)
        {
            _worker.Ring.Close(attempt.Fd);
        }

        _attempts.Free(number);
    }

    /// <summary>Whose attempt a completion is about; <see cref="Slot.None"/> if its dial is over.</summary>
    internal int ServedBy(CompletionEntry completion)
    {
        int number = Token.SlotOf(completion.UserData);
        return _attempts.IsCurrent(number, Token.GenerationOf(completion.UserData))
            ? _attempts[number].Dial
            : Slot.None;
    }

    /// <summary>The worker has failed, and no completion comes anymore.</summary>
    internal void AbandonAttempts()
    {
        for (int number = 0; number < _attempts.Used; number++)
        {
            ref DialAttempt attempt = ref _attempts[number];
            if (!attempt.IsInFlight)
            {
                continue;
            }

            if (attempt.Dial != Slot.None)
            {
                _attempts.Unlink(number, ref _dialled[attempt.Dial].FirstAttempt);
            }

            attempt.IsConnecting = false;
            attempt.IsCancelling = false;
            Release(number);
        }
    }
}
