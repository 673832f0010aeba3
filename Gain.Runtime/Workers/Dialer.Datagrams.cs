using Gain.CompilerServices;
using Gain.Datagrams;
using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <remarks>Sockets for datagrams, which have a room of their own.</remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    [AllowAllocation("The room at the first dial, and each place at its first use, which is kept.")]
    public override bool TryDialDatagram<THandler>(
        in THandler handler,
        bool isGiven,
        in RemoteEnd target,
        DialWaiter? waiter,
        out DatagramPlace? place)
    {
        place = null;
        int index = FindSetting(in handler, out TProtocol wrapped);
        DialSetting setting = _settings.Items[index];
        if (setting.Datagrams is not { } datagrams)
        {
            throw DatagramTargets.NoCallback(typeof(THandler).Name, in target);
        }

        DatagramTargets.RequireDatagrams(in target);
        if (_isClosed || _worker.Stopper.HasBegun)
        {
            return false;
        }

        if (target.Name is { } name)
        {
            if (waiter is not DatagramRequest request)
            {
                throw DatagramTargets.IsName(in target);
            }

            request.Resolve(name, setting.Names);
            return true;
        }

        // The only place that makes it: where nothing is dialled, nothing of it is in the program.
        var room = (DatagramDials<TProtocol, TRing>)(
            _worker.Datagrams.Dials ??= new DatagramDials<TProtocol, TRing>(_worker));
        byte address = (byte)(_settings.First + index);
        place = room.TryBegin(
            isGiven ? wrapped : _worker.Prototypes[address], in target, datagrams, address, waiter);
        return place is not null;
    }

    private void BeginDatagrams(DatagramRequest request)
    {
        DatagramPlace? place;
        try
        {
            if (request.IsCancelled)
            {
                return;
            }

            if (!request.TryBegin(this, out place))
            {
                if (_worker.Stopper.HasBegun || !request.TryNextWorker())
                {
                    request.Fail(RefusedDatagrams());
                }

                return;
            }
        }
        catch (Exception why) when (why is InvalidOperationException or GainException)
        {
            request.Fail(why);
            return;
        }

        if (place is not null)
        {
            request.NoteBegun(new DatagramHandle((DatagramSocket)place));
        }
    }

    private GainException RefusedDatagrams() => _worker.Stopper.HasBegun
        ? new GainException(GainError.AlreadyStopped, "Cannot dial: the server stops.")
        : new GainException(
            GainError.LimitReached,
            "Cannot dial: each worker has as many sockets for datagrams open as "
            + "GainOptions.Datagrams.MaxDialledPerWorker allows.");
}
