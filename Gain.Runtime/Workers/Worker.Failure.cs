using Gain.Datagrams;
using Gain.Slots;

namespace Gain.Workers;

internal sealed unsafe partial class Worker<TProtocol, TRing>
{
    /// <summary>
    /// Ends a worker whose loop has failed: by a defect of ours, or because the kernel refused its ring. Its
    /// connections are closed with OnClose. Operations are in flight, and there is no ring anymore to wait
    /// for their ends: the memory that they use is left to them.
    /// </summary>
    internal void Abandon(Exception failure)
    {
        CloseListeners();
        Dialer.Close();
        _table.Fault = failure;
        Dialer.AbandonAttempts();
        for (int i = 0; i < _table.UsedSlots; i++)
        {
            AbandonConnection(i);
        }

        Datagrams.Dials?.Abandon();
        _table.Fault = null;
        Sessions?.LeaveThread();
        Layers.Close();
        Proxies.Close();
        DisposePerWorker();
        Intake.RefuseParked();
        Datagrams.CloseDatagrams();
        _mailbox.Close();
        Intake.AbandonHandOvers();
        Splices?.Close();
        _ring.Abandon();
    }

    private void AbandonConnection(int index)
    {
        ref Slot slot = ref _table[index];
        if (slot.Fd < 0)
        {
            return;
        }

        if (slot.IsConnecting)
        {
            Dialer.Abandon(index, ref slot);
        }
        else if (!slot.HasClosed)
        {
            slot.Reason = CloseReason.Aborted;
            Closer.CallOnCloseOnce(index, ref slot, isAbort: true);
        }

        if (slot.Fd != Slot.NoSocket)
        {
            _ring.ResetOnClose(slot.Fd);
            _ring.Close(slot.Fd);
        }

        slot.Fd = -1;
        Proxies.Forget(index);
        _server.Admission.CountFreed(Intake.PeerOf(index));
        _server.HandOvers.Remove(_settings.Index);
    }

    private void CloseListeners()
    {
        Datagrams.EndUseByOthers();
        _listeners.Close(ref _ring);
    }
}
