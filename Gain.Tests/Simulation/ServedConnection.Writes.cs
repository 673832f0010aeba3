namespace Gain.Tests.Simulation;

/// <remarks>
/// What a protocol writes, in one of the ways that there are. All of them do the same.
/// </remarks>
internal sealed partial class ServedConnection
{
    // What was written where writes may be dropped: it is not known beforehand.
    private readonly MemoryStream? _actual = world.Limits.DropsWrites ? new MemoryStream() : null;

    /// <summary>A way to write some bytes to a connection.</summary>
    public delegate void Writing(Connection connection, ReadOnlySpan<byte> data);

    /// <summary>
    /// Bytes that the protocol wrote, and the connection took; of a pair, what has gone out.
    /// </summary>
    public int Written
    {
        get => Partner is null ? field : Socket.Accepted;
        private set;
    }

    /// <summary>Bytes that it wrote, and that were dropped as the options say.</summary>
    public int Dropped { get; private set; }

    /// <summary>What the peer has to receive.</summary>
    public ReadOnlySpan<byte> Expected => Partner is not null ? Partner.Peer.Conversation.Output
        : _actual is null ? peer.Conversation.Expected : _actual.GetBuffer().AsSpan(0, (int)_actual.Length);

    /// <summary>A write did not fit.</summary>
    public bool WasRefusedWrite { get; private set; }

    /// <summary>Bytes written that the kernel has not taken.</summary>
    public int Outbound => Written - OutOf(Socket.Accepted);

    /// <summary>Writes as <c>Connection.Send</c>.</summary>
    public void Send(Connection connection, ReadOnlySpan<byte> data) => Send(connection, data, Write);

    /// <summary>Writes bytes in the protocol's own way: all of them, or none.</summary>
    public void Send(Connection connection, ReadOnlySpan<byte> data, Writing write)
    {
        bool isWritable = !connection.IsClosing;
        int before = connection.OutboundBytes;
        bool hadFailed = HasLayerFailed;
        write(connection, data);

        // A layer that fails in it has added its alert, and nothing of the data.
        int added = HasLayerFailed && !hadFailed ? 0 : AddedBy(data.Length, before, connection);
        Require(
            added == 0 || added == data.Length, $"{added} of the {data.Length} bytes of a write were queued");
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
        _awaitsRoom |= !isQueued && !connection.IsClosing && connection.OutboundBytes != 0;
        _wasCongested |= _awaitsRoom;
        NoteWrite(connection, isQueued ? data : default);
        return isQueued;
    }

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
#pragma warning disable GAIN3006 // The peer's script: it is there until the world ends, and is never moved.
                connection.SendStatic(lasting);
#pragma warning restore GAIN3006
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
#pragma warning disable GAIN3006 // As above.
                return connection.TrySendStatic(lasting);
#pragma warning restore GAIN3006
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

    // The connection is on its way out then, or the write is left out and everything else goes on.
    private void NoteRefusal(Connection connection, int outbound, int bytes)
    {
        if (!world.Limits.DropsWrites)
        {
            WasRefusedWrite = true;
            Require(connection.IsClosing, "a write was refused, and the connection goes on");
            return;
        }

        Require(!connection.IsClosing, "a write was dropped, and the connection with it");
        Dropped += bytes;
        world.Drops++;
        _wasCongested |= outbound != 0;

        // With little memory reading pauses all the same, and then until everything is out.
        _awaitsRoom |= outbound != 0 && world.IsMemoryShort;
    }

    private void NoteWrite(Connection connection, ReadOnlySpan<byte> bytes)
    {
        Written += bytes.Length;
        _actual?.Write(bytes);
        bool waits = Layer is { HasBegun: true, IsUp: false };
        if (connection.OutboundBytes >= world.Limits.HighWatermark && !waits)
        {
            _wasCongested = true;
        }
    }
}
