namespace Gain;

/// <remarks>Two connections as one.</remarks>
public readonly ref partial struct Connection
{
    /// <summary>
    /// Couples the connection with another one of the same worker, until they end: what the peer of each
    /// sends goes to the other's as it is, without a callback.
    /// </summary>
    /// <param name="other">
    /// The other one, as <see cref="TryBorrow"/> gives it; it may have been dialled, and not be up yet.
    /// </param>
    /// <param name="mode">How bytes get from one to the other.</param>
    /// <remarks>
    /// Either side is read only while the other can take it: its reading stops at
    /// <c>GainOptions.Limits.OutboundHighWatermarkBytes</c> of the other's, and goes on at the low watermark;
    /// <see cref="IsCongested"/> says so. A FIN is passed on as <see cref="ShutdownWrite"/>, a reset as
    /// <see cref="Abort"/>, and when one closes the other does, with <see cref="CloseReason.Coupled"/>, after
    /// what it has to send. What <c>OnRead</c> has left, what waits because reading was paused, and what a
    /// framing has not parsed, goes on first. <c>OnRead</c>, <c>OnFrame</c>, <c>OnReadClosed</c> and
    /// <c>OnDrained</c> of writes that were taken come no more; <c>OnClose</c> comes once for each. Allocates
    /// nothing.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// It is the connection itself, another worker's, or one of them is coupled already.
    /// </exception>
    [AllocationFree]
    public void Couple(Connection other, CouplingMode mode = CouplingMode.Copy)
    {
        if (!ReferenceEquals(Table, other.Table))
        {
            throw new InvalidOperationException(
                $"A connection of worker {WorkerIndex} cannot be coupled with one of worker "
                + $"{other.WorkerIndex}: dial the other one in a callback of this one, or hand it over.");
        }

        Table.Couple(ref Living, ref other.Living, maySplice: mode == CouplingMode.Splice);
    }

    /// <summary>Like <see cref="Couple"/>, with a connection that may be gone.</summary>
    /// <param name="handle">Its handle, as <c>Dial</c> gives it.</param>
    /// <param name="mode">As for <see cref="Couple"/>.</param>
    /// <returns>
    /// False when it is gone, or another worker's, as with <see cref="TryBorrow"/>: nothing has changed then.
    /// </returns>
    /// <exception cref="InvalidOperationException">
    /// It is the connection itself, or one of them is coupled already.
    /// </exception>
    [AllocationFree]
    public bool TryCouple(ConnectionHandle handle, CouplingMode mode = CouplingMode.Copy)
    {
        if (!TryBorrow(handle, out Connection other))
        {
            return false;
        }

        Couple(other, mode);
        return true;
    }
}
