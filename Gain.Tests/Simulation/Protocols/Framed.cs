namespace Gain.Tests.Simulation.Protocols;

/// <summary>Takes whole records of a length in one byte and so many bytes, and leaves the rest.</summary>
[GainProtocol]
internal partial struct RecordReader(SimulatedWorld world)
{
    private ServedConnection? _served;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        while (taken < data.Length && data.Length - taken > data[taken])
        {
            taken += 1 + data[taken];
        }

        if (world.MayMislead(_served!))
        {
            return world.Random.Chance(0.5) ? -1 : data.Length + 1;
        }

        _served!.Deliver(connection, data, taken);
        _served.Send(connection, data[..taken]);
        _served.LeftTooMuch |= data.Length - taken > world.Limits.MaxUnconsumed;
        return taken;
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}

/// <summary>Echoes frames, and complains of one that is too long.</summary>
[GainProtocol]
[LengthPrefixed(Size = 2, MaxFrameLength = MaxFrameLength)]
internal partial struct FrameEcho(SimulatedWorld world)
{
    public const int MaxFrameLength = 1_500;

    private const int HeaderBytes = 2;

    private ServedConnection? _served;

    public static ReadOnlySpan<byte> Complaint => "too long"u8;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> payload)
    {
        _served!.DeliverFrame(connection, payload, HeaderBytes, 0);
        Span<byte> frame = stackalloc byte[HeaderBytes + payload.Length];
        frame[0] = (byte)(payload.Length >> 8);
        frame[1] = (byte)payload.Length;
        payload.CopyTo(frame[HeaderBytes..]);
        // Dropping counts the writes of a frame, not frames; and one that is taken back needs room as well.
        bool hasRoom = connection.OutboundBytes + (2 * frame.Length) <= world.Limits.MaxOutbound
            && !world.IsMemoryShort;
        int ways = !world.Scenario.WritesInPlace ? 1 : world.Limits.DropsWrites ? 2 : hasRoom ? 4 : 3;
        switch (world.Random.Below(ways))
        {
            case 0:
                _served.Send(connection, frame);
                break;
            case 1:
                _served.Send(connection, frame, static (c, frame) => SendFrame(c, frame[HeaderBytes..]));
                break;
            case 2:
                _served.Send(connection, frame, SendInParts);
                break;
            default:
                BeginFrame(connection);
                connection.Send(frame);
                CancelFrame(connection);
                _served.Send(connection, frame);
                break;
        }
    }

    private static void SendInParts(Connection connection, ReadOnlySpan<byte> frame)
    {
        BeginFrame(connection);
        connection.Send(frame.Slice(HeaderBytes, (frame.Length - HeaderBytes) / 2));
        connection.Send(frame[(HeaderBytes + ((frame.Length - HeaderBytes) / 2))..]);
        EndFrame(connection);
    }

    private readonly void OnProtocolError(Connection connection, ProtocolError error)
    {
        if (error.Kind != ProtocolErrorKind.FrameTooLong || !_served!.Peer.Conversation.IsViolation)
        {
            throw world.Fail($"a protocol error of kind {error.Kind}, and there was none");
        }

        _served.Send(connection, Complaint);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}

/// <summary>Answers each line with itself, and the end with a last word.</summary>
[GainProtocol]
[Delimited("\r\n", MaxFrameLength = MaxFrameLength)]
internal partial struct LineAnswerer(SimulatedWorld world)
{
    public const int MaxFrameLength = 200;

    private const int DelimiterBytes = 2;

    private ServedConnection? _served;

    public static ReadOnlySpan<byte> Farewell => "bye"u8;

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private readonly void OnFrame(Connection connection, ReadOnlySpan<byte> line)
    {
        _served!.DeliverFrame(connection, line, 0, DelimiterBytes);
        Span<byte> answer = stackalloc byte[line.Length + 1];
        line.CopyTo(answer);
        answer[^1] = (byte)'\n';
        _served.Send(connection, answer);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        if (!_served.Peer.Conversation.IsViolation
            && _served.Delivered == _served.Peer.Conversation.Output.Length)
        {
            _served.Send(connection, Farewell);
        }

        _served.Close(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);
}
