using System.Diagnostics.CodeAnalysis;
using Gain.Slots;

namespace Gain.Sessions;

/// <remarks>Connections that something reads in their sessions' place.</remarks>
internal abstract unsafe partial class SessionHost
{
    // Instead of a place: its adapter counts the box.
    private const int Counted = -2;

    // What a layer may add to what is queued at once.
    private const int LayerBytes = 1 << 10;

    // By slot; null before the first one.
    private SessionAdapter?[]? _adapters;

    /// <summary>
    /// How many bytes an adapter may queue so that the connection is still read: who reads a stream is
    /// another one than who writes it, and two ends that both wait to be read would wait for ever.
    /// </summary>
    public int RoomOf(int index) =>
        _writer.CoupledWatermark - LayerBytes - _table[index].Outbound.Bytes;

    /// <summary>An adapter waits until there is room. Something is queued, which will go out.</summary>
    public void AwaitRoom(int index) => _table[index].Overflow();

    /// <summary>A session's connection as a stream: the same one whenever it is asked for.</summary>
    public Stream StreamOf(int index, uint generation)
    {
        Require(index, generation);
        ref SessionState state = ref _states[index];
        if (state.Has(SessionFlags.Over))
        {
            ThrowEnded();
        }

        if (state.Has(SessionFlags.Adapted))
        {
            return ((SessionStream)_adapters![index]!).Face;
        }

        if (state.Has(SessionFlags.Framed))
        {
            ThrowFramedStream();
        }

        if (state.Kind == SessionWaitKind.Read)
        {
            ThrowWaits(state.Kind);
        }

        _adapters ??= new SessionAdapter?[_table.Capacity];
        var stream = new SessionStream(this, index, generation);
        _adapters[index] = stream;
        state.Flags |= SessionFlags.Adapted;
        if (index == _lentTo ? _consumed != _length : _table[index].Inbound.Length != 0)
        {
            // What the session has left comes first, without waiting for more.
            PutOff(index);
        }

        return stream.Face;
    }

    /// <summary>Whether nothing more comes of a connection, so that a read is at the end.</summary>
    public bool IsInputOver(int index) =>
        _states[index].Has(SessionFlags.InputEnded | SessionFlags.Stopping)
        && !_states[index].Has(SessionFlags.PutOff);

    /// <summary>An adapter waits for bytes: what was put off comes now.</summary>
    public void ReadOn(int index) => ReadOn(index, ref _states[index]);

    /// <summary>An adapter has taken less than has come.</summary>
    public void PutOffFor(int index, uint generation)
    {
        if (IsAlive(index, generation))
        {
            PutOff(index);
        }
    }

    /// <summary>Closes a connection behind what was written to it, if it is there.</summary>
    public void CloseOf(int index, uint generation)
    {
        if (IsAlive(index, generation) && !_states[index].Has(SessionFlags.Over))
        {
            _table.Close(ref _table[index], CloseReason.Local);
        }
    }

    /// <summary>Holds a connection for its session, which is away.</summary>
    public bool TryHoldAway(int index, uint generation, out int place, out uint ticket)
    {
        place = -1;
        ticket = 0;
        return IsAlive(index, generation)
            && !_states[index].Has(SessionFlags.Over)
            && _table.TryHoldAway(ref _table[index], out place, out ticket);
    }

    /// <summary>Ends that.</summary>
    public void EndHold(int index, uint generation, int place, uint ticket)
    {
        if (_table.Holds.TryEnd(place, ticket))
        {
            _table.Unhold(index, generation);
        }
    }

    /// <summary>Something is to run later in the turn, or in the next one. The worker's thread.</summary>
    public void EnqueueHere(SessionNode node) => AddReady(node);

    private SessionAdapter? AdapterOf(int index) =>
        _states[index].Has(SessionFlags.Adapted) ? _adapters![index] : null;

    private void EndAdapter(int index, string why)
    {
        SessionAdapter adapter = _adapters![index]!;
        _adapters[index] = null;
        _states[index].Flags &= ~SessionFlags.Adapted;
        adapter.End(why);
    }

    // A session that lets the end of its connection pass has no fault, also where a library has wrapped it.
    private static bool IsEnd(Exception fault)
    {
        for (Exception? one = fault; one is not null; one = one.InnerException)
        {
            if (one is SessionEndedException)
            {
                return true;
            }
        }

        return false;
    }

    [DoesNotReturn]
    private static void ThrowFramedStream() => throw new InvalidOperationException(
        "AsStream and AsDuplexPipe are for protocols without a framing: take the framing's attribute away, "
        + "or await Frame.");

    [DoesNotReturn]
    private static void ThrowAdapted() => throw new InvalidOperationException(
        "Read was awaited, and AsStream or AsDuplexPipe was called before: from then on the connection is "
        + "read by that alone.");
}
