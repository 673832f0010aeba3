using Gain.Kernel;
using Gain.Uring;

namespace Gain.Tests.Simulation;

/// <summary>
/// A connection as the protocol sees it. Every callback of a simulated protocol goes through here, which
/// compares what the engine does with what it may do.
/// </summary>
internal sealed partial class ServedConnection(SimulatedWorld world, SimulatedPeer peer)
{
    // A timer of no time is due in the next turn, and a turn may end a millisecond.
    private const int MaxLateTimerMs = 2;

    /// <summary>A way to write some bytes to a connection.</summary>
    public delegate void Writing(Connection connection, ReadOnlySpan<byte> data);

    private bool _hasOnAccept;
    private bool _wasCongested;
    private bool _awaitsRoom;

    // What was written where writes may be dropped: it is not known beforehand.
    private readonly MemoryStream? _actual = world.Limits.DropsWrites ? new MemoryStream() : null;
    private long _acceptedNs;
    private long _readNs;
    private int _reported;
    private int _sent;

    public SimulatedPeer Peer => peer;

    public SimulatedWorld World => world;

    /// <summary>Bytes that the protocol was given and is done with.</summary>
    public int Delivered { get; private set; }

    /// <summary>Bytes that the protocol wrote, and the connection took.</summary>
    public int Written { get; private set; }

    /// <summary>Bytes that it wrote, and that were dropped as the options say.</summary>
    public int Dropped { get; private set; }

    /// <summary>What the peer has to receive.</summary>
    public ReadOnlySpan<byte> Expected =>
        _actual is null ? peer.Conversation.Expected : _actual.GetBuffer().AsSpan(0, (int)_actual.Length);

    /// <summary>Why the connection ended; null while it has not.</summary>
    public CloseReason? Reason { get; private set; }

    public bool HasOnAccept => _hasOnAccept;

    public bool HasEnded { get; private set; }

    /// <summary>The protocol, or a letter, asked for what it names.</summary>
    public bool AskedToClose { get; set; }

    public bool AskedToAbort { get; set; }

    public bool MailedToClose { get; set; }

    public bool MailedToAbort { get; set; }

    public bool HasThrown { get; set; }

    public bool WasToldReadClosed { get; private set; }

    /// <summary>A write did not fit.</summary>
    public bool WasRefusedWrite { get; private set; }

    /// <summary>OnRead left more than it may.</summary>
    public bool LeftTooMuch { get; set; }

    public ConnectionHandle Handle { get; private set; }

    private SimulatedSocket Socket => peer.Socket;

    /// <summary>Bytes written that the kernel has not taken.</summary>
    public int Outbound => Written - Socket.Accepted;

    public void Accept(Connection connection)
    {
        Require(!_hasOnAccept, "OnAccept was called twice");
        Require(!HasEnded && Delivered == 0, "OnAccept did not come first");
        _hasOnAccept = true;
        Socket.WasServed = true;
        _acceptedNs = world.NowNs;
        Handle = connection.Handle;
        world.NoteAccepted(this);
        Visit(connection);
    }

    /// <summary>The protocol is given bytes, of which it takes some: the next ones of the peer.</summary>
    public void Deliver(Connection connection, ReadOnlySpan<byte> data, int taken)
    {
        CheckMayDeliver(connection);
        Require(!data.IsEmpty, "OnRead was called with nothing");
        Require(Delivered + data.Length <= Socket.Seen, "bytes were delivered that nobody received");
        ReadOnlySpan<byte> expected = peer.Conversation.Output.AsSpan(Delivered);
        if (!expected.StartsWith(data))
        {
            throw world.Fail(
                $"peer {peer.Id} was delivered wrong bytes at {Delivered}: {world.Describe(data, expected)}");
        }

        Delivered += taken;
        world.Trace.Add($"  peer {peer.Id}: OnRead of {data.Length}, {taken} taken, {Delivered} in all");
    }

    /// <summary>The protocol is done with more of what it was given last.</summary>
    public void Take(int bytes) => Delivered += bytes;

    /// <summary>The protocol is given the payload of the peer's next frame.</summary>
    public void DeliverFrame(Connection connection, ReadOnlySpan<byte> payload, int header, int trailer)
    {
        CheckMayDeliver(connection);
        int end = Delivered + header + payload.Length + trailer;
        Require(end <= Socket.Seen, "a frame was delivered that nobody received");
        ReadOnlySpan<byte> expected = peer.Conversation.Output.AsSpan(Delivered + header);
        if (!expected.StartsWith(payload))
        {
            throw world.Fail(
                $"peer {peer.Id} was delivered a wrong frame at {Delivered}: "
                + world.Describe(payload, expected));
        }

        Delivered = end;
        Require(
            peer.Conversation.Marks!.Any(mark => mark.Input == end),
            "a frame was delivered that ends where none does");
        world.Trace.Add($"  peer {peer.Id}: OnFrame of {payload.Length}, {Delivered} in all");
    }

    /// <summary>Writes as <c>Connection.Send</c>.</summary>
    public void Send(Connection connection, ReadOnlySpan<byte> data) => Send(connection, data, Write);

    /// <summary>Writes bytes in the protocol's own way: all of them, or none.</summary>
    public void Send(Connection connection, ReadOnlySpan<byte> data, Writing write)
    {
        bool isWritable = connection.IsWritable;
        int before = connection.OutboundBytes;
        write(connection, data);
        int added = connection.OutboundBytes - before;
        Require(added == 0 || added == data.Length, "a write was queued in part");
        if (isWritable && added != data.Length)
        {
            NoteRefusal(connection, before, data.Length);
        }

        NoteWrite(connection, data[..added]);
    }

    /// <summary>Writes as <c>Connection.TrySend</c>.</summary>
    public bool TrySend(Connection connection, ReadOnlySpan<byte> data)
    {
        bool isQueued = TryWrite(connection, data);
        _awaitsRoom |= !isQueued && connection.IsWritable && connection.OutboundBytes != 0;
        _wasCongested |= _awaitsRoom;
        NoteWrite(connection, isQueued ? data : default);
        return isQueued;
    }

    // In one of the ways that there are, all of which do the same.
    private void Write(Connection connection, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> lasting = FindLasting(data);
        switch (PickWay())
        {
            case 1:
                data.CopyTo(connection.GetSpan(data.Length));
                connection.Advance(data.Length);
                break;
            case 2 when lasting.Length == data.Length:
                connection.SendStatic(lasting);
                break;
            default:
                connection.Send(data);
                break;
        }
    }

    private bool TryWrite(Connection connection, ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> lasting = FindLasting(data);
        switch (PickWay())
        {
            case 1:
                data.CopyTo(connection.GetSpan(data.Length));
                return connection.TryAdvance(data.Length);
            case 2 when lasting.Length == data.Length:
                return connection.TrySendStatic(lasting);
            default:
                return connection.TrySend(data);
        }
    }

    private int PickWay() => world.Scenario.WritesInPlace ? world.Random.Below(3) : 0;

    // The same bytes as they lie in the expected answers, which stay.
    private ReadOnlySpan<byte> FindLasting(ReadOnlySpan<byte> data)
    {
        if (!world.Scenario.WritesInPlace || peer.Conversation.Fixed.Length - Written < data.Length)
        {
            return default;
        }

        ReadOnlySpan<byte> lasting = peer.Conversation.Fixed.AsSpan(Written, data.Length);
        return lasting.SequenceEqual(data) ? lasting : default;
    }

    public void Close(Connection connection)
    {
        AskedToClose = true;
        connection.Close();
    }

    public void Abort(Connection connection)
    {
        AskedToAbort = true;
        connection.Abort();
    }

    /// <summary>OnWrite: so many bytes went out.</summary>
    public void Wrote(Connection connection, int bytes)
    {
        Visit(connection);
        Require(bytes > 0, "OnWrite of nothing");
        _reported += bytes;
        Require(_reported == _sent, $"OnWrite has told of {_reported} bytes, and {_sent} went out");
    }

    public void Drain(Connection connection)
    {
        Visit(connection);
        Require(
            _wasCongested || world.Scenario.IsMemoryShort, "OnDrained came without congestion");
        Require(
            connection.OutboundBytes <= world.Limits.LowWatermark, "OnDrained came above the low watermark");
        _wasCongested = false;
        _awaitsRoom = false;
    }

    /// <summary>OnTimer, set to a time of the worker's clock.</summary>
    public void Tick(Connection connection, long dueMs)
    {
        Visit(connection);
        Require(!connection.HasTimer, "OnTimer came, and the timer is still set");
        Require(!AskedToClose && !AskedToAbort, "OnTimer came after the protocol had closed the connection");
        long lateMs = connection.NowMs - dueMs;
        Require(lateMs >= 0, $"OnTimer came {-lateMs} ms early");
        Require(lateMs <= MaxLateTimerMs, $"OnTimer came {lateMs} ms late");
        world.Trace.Add($"  peer {peer.Id}: OnTimer, {lateMs} ms late");
    }

    public void CloseReading(Connection connection)
    {
        Visit(connection);
        Require(!WasToldReadClosed, "OnReadClosed came twice");
        Require(Socket.HasSeenEnd, "OnReadClosed came without an end");
        CheckAllDelivered();
        WasToldReadClosed = true;
    }

    public void End(Connection connection, CloseReason reason)
    {
        Require(!HasEnded, "OnClose came twice");
        Require(connection.Descriptor == Socket.Fd, "OnClose came for another descriptor");
        HasEnded = true;
        Reason = reason;
        world.Trace.Add($"  peer {peer.Id}: OnClose {reason}, written {Written}, accepted {Socket.Accepted}");
        CheckReason(connection, reason);
    }

    private void CheckMayDeliver(Connection connection)
    {
        Visit(connection);
        Require(!WasToldReadClosed, "bytes came after OnReadClosed");
        Require(!AskedToClose && !AskedToAbort, "bytes came after the protocol had closed the connection");
        int outbound = connection.OutboundBytes;
        Require(outbound < world.Limits.HighWatermark, "bytes came at the high watermark");
        if (_wasCongested && !world.Limits.KeepsReading)
        {
            Require(outbound <= world.Limits.LowWatermark, "bytes came before the output had drained");
            _wasCongested = false;
        }
    }

    private void Visit(Connection connection)
    {
        Require(!HasEnded, "a callback came after OnClose");
        Require(connection.Descriptor == Socket.Fd, "a callback came for another descriptor");
        Require(connection.OutboundBytes <= world.Limits.MaxOutbound, "the outbound limit was exceeded");
        Require(
            world.NowMs - connection.NowMs <= 1,
            $"the connection's clock is {world.NowMs - connection.NowMs} ms behind");
    }

    // The connection is on its way out then, or the write is left out and everything else goes on.
    private void NoteRefusal(Connection connection, int outbound, int bytes)
    {
        if (!world.Limits.DropsWrites)
        {
            WasRefusedWrite = true;
            Require(!connection.IsWritable, "a write was refused, and the connection goes on");
            return;
        }

        Require(connection.IsWritable, "a write was dropped, and the connection with it");
        Dropped += bytes;
        world.Drops++;
        _wasCongested |= outbound != 0;

        // With little memory reading pauses all the same, and then until everything is out.
        _awaitsRoom |= outbound != 0 && world.Scenario.IsMemoryShort;
    }

    private void NoteWrite(Connection connection, ReadOnlySpan<byte> bytes)
    {
        Written += bytes.Length;
        _actual?.Write(bytes);
        if (connection.OutboundBytes >= world.Limits.HighWatermark)
        {
            _wasCongested = true;
        }
    }

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw world.Fail($"peer {peer.Id}: {otherwise}");
        }
    }

    /// <summary>The worker takes the completion of a send, or has made a direct one.</summary>
    public void NoteSend(int result)
    {
        if (result > 0)
        {
            _sent += result;
            world.BytesOut += result;
        }
        else
        {
            NoteError(-result, isReceive: false);
        }
    }

    /// <summary>The worker takes a completion of the receive.</summary>
    public void NoteReceive(CompletionEntry completion)
    {
        if (completion.Result > 0)
        {
            world.BytesIn += completion.Result;
            _readNs = world.NowNs;
            CheckHeld();
        }
        else if (completion.Result < 0)
        {
            NoteError(-completion.Result, isReceive: true);
        }

        if (-completion.Result == Errno.ENOBUFS)
        {
            Socket.MayGiveUpReading |= HasEnded || Socket.HasSentFin;
        }
    }
}
