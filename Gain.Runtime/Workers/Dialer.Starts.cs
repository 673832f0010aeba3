using Gain.Slots;
using Gain.Sockets;

namespace Gain.Workers;

/// <remarks>
/// Connects that were followed by the set-up of a layer, such as a handshake of TLS. The handler is told when
/// that is over: by OnConnect, or by OnConnectFailed.
/// </remarks>
internal sealed unsafe partial class Dialer<TProtocol, TRing>
{
    private bool IsStarting(int index) => _dialled.Length != 0 && _dialled[index].IsStarting;

    private void BeginStart(int index, ref Slot slot, string host, GainAddress target)
    {
        ref Dialled dialled = ref _dialled[index];
        dialled.IsStarting = true;
        dialled.LastFailure = new ConnectFailure(ConnectFailureReason.None, 0, target);

        // Something may have been put off meanwhile, and the first step with it.
        _table.AddPending(ref slot);

        // From here on a fault is this connection's.
        _worker.Calling = index;
        _worker.Layers.BeginDialled(index, ref slot, host);
        _worker.Calling = Slot.None;
        _worker.Receiver.ArmReceiveIfWanted(index, ref slot);
        if (_worker.Stopper.HasBegun)
        {
            _worker.Stopper.StopOpened(index, ref slot);
        }
    }

    /// <summary>Notes why the set-up of a dial's layer fails; it ends with its connection.</summary>
    /// <returns>False where the connection is none that is being dialled.</returns>
    internal bool NoteStartFailure(int index, string why)
    {
        if (!IsStarting(index))
        {
            return false;
        }

        ref ConnectFailure failure = ref _dialled[index].LastFailure;
        failure = new ConnectFailure(ConnectFailureReason.HandshakeFailed, 0, failure.Target, why);
        return true;
    }

    /// <summary>The layer is set up: the connection is, if it is a dial's.</summary>
    /// <returns>False where it is none.</returns>
    internal bool FinishesStart(int index, ref Slot slot)
    {
        if (!IsStarting(index))
        {
            return false;
        }

        FinishOpen(index, ref slot);
        return true;
    }

    /// <summary>The connection ends in the set-up of its layer: OnConnectFailed, if it is a dial's.</summary>
    /// <returns>False where it is none, and OnClose may follow.</returns>
    internal bool EndsStart(int index, ref Slot slot)
    {
        if (!IsStarting(index))
        {
            return false;
        }

        // A frame that OnTimer or OnMessage left open when it threw.
        _worker.Writer.ForgetFrame();
        ConnectFailure failure = StartFailure(index, slot.Reason);

        // To whom it is coupled with it is as a connect that failed: nothing was cut off.
        slot.Reason = CloseReason.Local;
        EndFailed(index, ref slot, failure);
        _worker.Layers.End(index, ref slot);
        return true;
    }

    private ConnectFailure StartFailure(int index, CloseReason reason)
    {
        ConnectFailure noted = _dialled[index].LastFailure;
        return noted.Reason != ConnectFailureReason.None ? noted : reason switch
        {
            CloseReason.Local or CloseReason.Aborted or CloseReason.ServerStopped or CloseReason.HandlerFault
                or CloseReason.Coupled => new(ConnectFailureReason.Cancelled, 0, noted.Target),
            CloseReason.Reset => new(
                ConnectFailureReason.HandshakeFailed, 0, noted.Target, "the other end reset the connection"),
            _ => new(ConnectFailureReason.HandshakeFailed, 0, noted.Target, $"it was closed for {reason}"),
        };
    }

    private static InvalidOperationException NoLayer(string handler, in RemoteEnd target) => new(
        $"Cannot dial {target}: {handler} has no options for TLS. Add the package Gain.Tls and "
        + $".UseTls(new TlsClientOptions()) behind .Dial(new {handler}()), or dial tcp:// for a connection "
        + "that everyone on the way can read.");
}
