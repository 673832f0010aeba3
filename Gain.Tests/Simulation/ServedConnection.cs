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

    private bool _hasOnAccept;
    private bool _wasCongested;
    private bool _awaitsRoom;
    private long _acceptedNs;
    private long _readNs;
    private long _endedNs;
    private int _reported;
    private int _sent;

    public SimulatedPeer Peer => peer;

    public SimulatedWorld World => world;

    /// <summary>Bytes that the protocol was given and is done with.</summary>
    public int Delivered { get; private set; }

    /// <summary>Why the connection ended; null while it has not.</summary>
    public CloseReason? Reason { get; private set; }

    public bool HasOnAccept => _hasOnAccept;

    public bool HasEnded { get; private set; }

    /// <summary>The protocol, or a command, asked for what it names.</summary>
    public bool AskedToClose { get; set; }

    public bool AskedToAbort { get; set; }

    public bool AskedToEndWrite { get; private set; }

    public bool MailedToClose { get; set; }

    public bool MailedToAbort { get; set; }

    public bool HasThrown { get; set; }

    public bool WasToldReadClosed { get; private set; }

    /// <summary>Its session awaits something that is not its connection's, and has an answer to
    /// give.</summary>
    public bool IsAway { get; set; }

    /// <summary>OnRead left more than it may.</summary>
    public bool LeftTooMuch { get; set; }

    public ConnectionHandle Handle { get; private set; }

    private SimulatedSocket Socket => peer.Socket;

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
        Require(
            Delivered + data.Length <= (IsBeforeLayer ? Socket.Seen : InOf(Socket.Seen)),
            "bytes were delivered that nobody received");
        byte[] said = IsBeforeLayer ? peer.Wire : peer.Conversation.Output;
        ReadOnlySpan<byte> expected = said.AsSpan(Delivered);
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
        Require(end <= InOf(Socket.Seen), "a frame was delivered that nobody received");
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

    public void Close(Connection connection)
    {
        AskedToClose = true;
        connection.Close();
    }

    /// <summary>The protocol ends its side, and reads on.</summary>
    public void EndWrite(Connection connection)
    {
        bool isOpen = !connection.IsClosing;
        AskedToEndWrite = true;
        AskedToClose |= WasToldReadClosed;
        connection.ShutdownWrite();
        Require(!isOpen || connection.IsClosing, "it is writable after ShutdownWrite");
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
        Require(
            Layer is null ? _reported == _sent : _reported <= _sent,
            $"OnWrite has told of {_reported} bytes, and {_sent} went out");
    }

    public void Drain(Connection connection)
    {
        Visit(connection);
        Require(
            _wasCongested || world.IsMemoryShort || Layer is not null, "OnDrained came without congestion");
        Require(
            connection.OutboundBytes <= world.Limits.LowWatermark, "OnDrained came above the low watermark");
        _wasCongested = false;
        _awaitsRoom = false;
        if (!world.Limits.KeepsReading)
        {
            // Reading was paused until now.
            _resumedNs = world.NowNs;
        }

    }

    /// <summary>OnTimer, set to a time of the worker's clock.</summary>
    public void Tick(Connection connection, long dueMs)
    {
        Visit(connection);
        Require(!connection.HasTimer, "OnTimer came, and the timer is still set");
        Require(!AskedToClose && !AskedToAbort, "OnTimer came after the protocol had closed the connection");
        long lateMs = connection.NowMs - dueMs;
        Require(lateMs >= 0, $"OnTimer came {-lateMs} ms early");
        Require(lateMs <= MaxLateTimerMs + world.FrozenMs, $"OnTimer came {lateMs} ms late");
        world.Trace.Add($"  peer {peer.Id}: OnTimer, {lateMs} ms late");
    }

    public void CloseReading(Connection connection)
    {
        Visit(connection);
        Require(!WasToldReadClosed, "OnReadClosed came twice");
        Require(HasPeerEnded, "OnReadClosed came without an end");
        CheckAllDelivered();
        WasToldReadClosed = true;
    }

    public void End(Connection connection, CloseReason reason)
    {
        Require(!HasEnded, "OnClose came twice");
        Require(connection.Descriptor == Socket.Fd, "OnClose came for another descriptor");
        CheckDeadlinesKept();
        HasEnded = true;
        _endedNs = world.NowNs;
        Reason = reason;
        world.Trace.Add($"  peer {peer.Id}: OnClose {reason}, written {Written}, accepted {Socket.Accepted}");
        CheckReason(connection, reason);
        Require(!IsAway || !HasEndedInOrder, $"OnClose came with {reason} when its session was away");
    }

    private void CheckMayDeliver(Connection connection)
    {
        Visit(connection);
        CheckAlive();
        Require(!WasToldReadClosed, "bytes came after OnReadClosed");
        Require(!AskedToClose && !AskedToAbort, "bytes came after the protocol had closed the connection");
        int outbound = OutboundOf(connection);

        // What the layer answers by itself comes before what is behind the question in the same buffer.
        Require(
            outbound < world.Limits.HighWatermark || Layer is { HasAsks: true },
            "bytes came at the high watermark");
        if (_wasCongested && !world.Limits.KeepsReading)
        {
            // What the layer sends in between is not told from the rest of a record.
            Require(
                outbound <= world.Limits.LowWatermark || Layer is { HasAsks: true },
                "bytes came before the output had drained");
            _wasCongested = false;
        }
    }

    private void Visit(Connection connection)
    {
        Require(!HasEnded, "a callback came after OnClose");
        Require(connection.Descriptor == Socket.Fd, "a callback came for another descriptor");
        Require(
            connection.OutboundBytes - LayerOverhead <= world.Limits.MaxOutbound,
            "the outbound limit was exceeded");
        Require(
            world.NowMs - connection.NowMs <= 1,
            $"the connection's clock is {world.NowMs - connection.NowMs} ms behind");
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
        _silentNs = world.NowNs;
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
        CheckDeadlinesKept();
        if (completion.Result > 0)
        {
            _hasRead = true;
            _silentNs = world.NowNs;
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
            _isStarved = !completion.HasMore;
            Socket.MayGiveUpReading |= HasEnded || Socket.HasSentFin;
        }
    }
}
