namespace Gain.Sessions;

/// <remarks>Writes.</remarks>
internal sealed partial class SessionStream
{
    // What is queued at once of a long write, so that the connection is asked again whether it is congested.
    private const int MaxChunkBytes = 64 << 10;

    // A write that could not wait has left the connection congested.
    private bool _isDrainDue;

    /// <summary>
    /// Queues bytes. It ends when all of them are queued and the connection is not congested. Any thread.
    /// </summary>
    /// <param name="buffer">The bytes; none: it waits while the connection is congested.</param>
    /// <param name="token">Ends the wait: what was queued by then is sent, and the rest is not.</param>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken token)
    {
        if (token.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(token);
        }

        if (FindEnd() is { } ended)
        {
            return ValueTask.FromException(ended);
        }

        bool isHere = IsHere;
        if (isHere)
        {
            _write.DemandIdle();
            if (TryPut(ref buffer, out Exception? failure))
            {
                return failure is null ? default : ValueTask.FromException(failure);
            }
        }

        _write.Begin(buffer, isHere);
        var task = new ValueTask(_write, _write.Version);
        if (!isHere)
        {
            PostOrFail(_write);
        }

        _write.CancelBy(token);
        return task;
    }

    /// <summary>Waits where a write that could not wait has left the connection congested.</summary>
    public Task FlushAsync(CancellationToken token)
    {
        if (!Volatile.Read(ref _isDrainDue))
        {
            return token.IsCancellationRequested ? Task.FromCanceled(token) : Task.CompletedTask;
        }

        return WriteAsync(default, token).AsTask();
    }

    /// <summary>Queues bytes at once, on the worker's thread.</summary>
    /// <exception cref="IOException">The queue does not take so many, or the connection is over.</exception>
    public void WriteHere(ReadOnlySpan<byte> data)
    {
        if (FindEnd() is { } ended)
        {
            throw ended;
        }

        _write.DemandIdle();
        Connection connection = Host.ConnectionOf(Slot, Generation);
        if (!connection.TrySend(data))
        {
            throw connection.IsClosing ? Closing() : new IOException(
                $"Write cannot wait on a worker, and the connection's queue, which has "
                + $"{connection.OutboundBytes} bytes, does not take {data.Length} more: use WriteAsync.");
        }

        Volatile.Write(ref _isDrainDue, connection.IsCongested);
    }

    public override void Drained()
    {
        Volatile.Write(ref _isDrainDue, false);
        if (_write.IsPending)
        {
            Pump();
        }
    }

    // The worker alone: nobody else touches the buffer of a write that is pending.
    private void Pump()
    {
        ReadOnlyMemory<byte> rest = _write.Buffer;
        if (!TryPut(ref rest, out Exception? failure))
        {
            _write.Buffer = rest;
        }
        else if (failure is null)
        {
            _write.TryComplete(0);
        }
        else
        {
            _write.TryFail(failure);
        }
    }

    /// <summary>Queues what may be, and takes it off.</summary>
    /// <returns>False where it has to wait for the connection to drain.</returns>
    private bool TryPut(ref ReadOnlyMemory<byte> rest, out Exception? failure)
    {
        failure = null;
        Connection connection = Host.ConnectionOf(Slot, Generation);
        while (true)
        {
            if (connection.IsClosing)
            {
                failure = Closing();
                return true;
            }

            if (connection.IsCongested && connection.OutboundBytes != 0)
            {
                return false;
            }

            if (rest.IsEmpty)
            {
                return true;
            }

            int room = Host.RoomOf(Slot);
            if (room <= 0 && connection.OutboundBytes != 0)
            {
                Host.AwaitRoom(Slot);
                return false;
            }

            int count = Math.Min(rest.Length, Math.Clamp(room, 1, MaxChunkBytes));
            if (connection.TrySend(rest.Span[..count]))
            {
                rest = rest[count..];
            }
            else if (connection.OutboundBytes != 0)
            {
                return false;
            }
            else
            {
                failure = new IOException(
                    $"No memory is left for {count} bytes: raise GainOptions.Limits.MaxBufferedBytes.");
                return true;
            }
        }
    }

    private static IOException Closing()
    {
        const string Why = "The connection is closing: nothing more is written.";
        return new IOException(Why, new SessionEndedException(Why));
    }
}
