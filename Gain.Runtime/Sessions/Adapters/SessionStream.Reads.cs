using System.Runtime.InteropServices;

namespace Gain.Sessions;

/// <remarks>Reads.</remarks>
internal sealed partial class SessionStream
{
    private bool _isDelivering;

    protected override bool WaitsForPeer => _read.IsPending;

    /// <summary>Reads what has come, at least one byte; none at the end. Any thread.</summary>
    /// <param name="buffer">Where to. An empty one waits until something is there.</param>
    /// <param name="token">Ends the wait; what comes later is for the next read.</param>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(token);
        }

        if (FindEnd() is { } ended)
        {
            return ValueTask.FromException<int>(ended);
        }

        bool isHere = IsHere;
        if (isHere && Host.IsInputOver(Slot))
        {
            _read.DemandIdle();
            return new ValueTask<int>(0);
        }

        _read.Begin(buffer, isHere);
        var task = new ValueTask<int>(_read, _read.Version);
        if (isHere)
        {
            StartRead();
        }
        else
        {
            PostOrFail(_read);
        }

        _read.CancelBy(token);
        return task;
    }

    public override int Deliver(ReadOnlySpan<byte> data)
    {
        int taken = 0;
        _isDelivering = true;

        // Whatever awaits a read goes on within Complete, and may begin the next.
        while (taken < data.Length && _read.TryClaim())
        {
            Span<byte> buffer = MemoryMarshal.AsMemory(_read.Buffer).Span;
            int count = Math.Min(buffer.Length, data.Length - taken);
            data.Slice(taken, count).CopyTo(buffer);
            taken += count;
            _read.Complete(count);
        }

        _isDelivering = false;
        if (taken < data.Length)
        {
            Host.PutOffFor(Slot, Generation);
        }

        SettleIfLive();
        return taken;
    }

    public override void EndInput()
    {
        _read.TryComplete(0);
        SettleIfLive();
    }

    public override void NoteStop() => _read.PostHere();

    private void StartRead()
    {
        if (Host.IsInputOver(Slot))
        {
            _read.TryComplete(0);
        }
        else if (!_isDelivering)
        {
            Host.ReadOn(Slot);
        }

        SettleIfLive();
    }

    private void SettleIfLive()
    {
        if (_over is null)
        {
            SettleHold();
        }
    }
}
