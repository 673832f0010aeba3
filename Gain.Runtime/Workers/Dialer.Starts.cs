using Gain.Slots;

namespace Gain.Workers;

/// <remarks>
/// Connects that were followed by the set-up of a layer, such as a handshake of TLS. The handler is told when
/// that is over: by OnConnect, or by OnConnectFailed.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    /// <summary>The dials whose layer is being set up.</summary>
    internal DialStarts Starts { get; }

    private void BeginStart(int index, ref Slot slot, string host, GainAddress target)
    {
        Starts.Begin(index, target);

        // Something may have been put off meanwhile, and the first step with it.
        _table.AddPending(ref slot);

        // From here on a fault is this connection's.
        _worker.Calling = index;
        int port = _dialled[index].Target.Name?.Port ?? target.Port;
        _worker.Layers.BeginDialled(index, ref slot, host, port);
        _worker.Calling = Slot.None;
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.StopOpened(index, ref slot);
        }
    }

    /// <summary>The connection ends in the set-up of its layer: OnConnectFailed, and no OnClose.</summary>
    internal void EndStart(int index, ref Slot slot)
    {
        // A frame that OnTimer or OnMessage left open when it threw.
        _worker.Writer.ForgetFrame();
        ConnectFailure failure = Starts.FailureOf(index, slot.Reason);

        // To whom it is coupled with it is as a connect that failed: nothing was cut off.
        CloseReason reason = slot.Reason;
        slot.Reason = CloseReason.Local;
        EndFailed(index, ref slot, failure, reason);
    }
}
