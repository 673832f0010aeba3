using System.Buffers.Binary;
using Gain.Writing;

namespace Gain.Tests.Simulation.Protocols;

/// <summary>
/// Answers small requests with many bytes: writes as long as it may, and goes on when the output has drained.
/// </summary>
[GainProtocol]
internal partial struct Amplifier(SimulatedWorld world)
{
    public const int RequestBytes = 4;

    private const int ChunkBytes = 700;

    private ServedConnection? _served;
    private uint _request;
    private int _answered;
    private int _owed;
    private bool _isAtEnd;

    /// <summary>The answer's byte at a place, which depends on the request.</summary>
    public static byte AnswerAt(ReadOnlySpan<byte> request, int at) =>
        (byte)(request[at & 3] + (at * 31) + (at >> 8));

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
    }

    private int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        int taken = 0;
        while (_owed == 0 && data.Length - taken >= RequestBytes
            && connection.OutboundBytes < world.Limits.HighWatermark)
        {
            _request = BinaryPrimitives.ReadUInt32LittleEndian(data[taken..]);
            taken += RequestBytes;
            _answered = 0;
            _owed = (ushort)_request;
            if (taken == RequestBytes)
            {
                // Before the first write: the rules for delivering are about the state until then.
                _served!.Deliver(connection, data, 0);
            }

            Answer(connection);
        }

        if (taken == 0)
        {
            _served!.Deliver(connection, data, 0);
        }

        _served!.Take(taken);
        _served.LeftTooMuch |= data.Length - taken > world.Limits.MaxUnconsumed
            && connection.OutboundBytes < world.Limits.HighWatermark;
        return taken;
    }

    private void OnDrained(Connection connection)
    {
        _served!.Drain(connection);
        Answer(connection);
    }

    private void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        _isAtEnd = true;
        Answer(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);

    private void Answer(Connection connection)
    {
        Span<byte> request = stackalloc byte[RequestBytes];
        Span<byte> chunk = stackalloc byte[ChunkBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(request, _request);
        while (_owed > 0)
        {
            int length = Math.Min(_owed, Math.Min(ChunkBytes, world.Limits.MaxOutbound));
            for (int i = 0; i < length; i++)
            {
                chunk[i] = AnswerAt(request, _answered + i);
            }

            if (!_served!.TrySend(connection, chunk[..length]))
            {
                // OnDrained goes on.
                return;
            }

            _answered += length;
            _owed -= length;
        }

        if (_isAtEnd)
        {
            _served!.Close(connection);
        }
    }
}

/// <summary>Echoes up to a place in what the peer says, and ends there, or at its end.</summary>
[GainProtocol]
internal partial struct Closer(SimulatedWorld world)
{
    private ServedConnection? _served;

    /// <summary>The last words after so many bytes: more than the high watermark, for some.</summary>
    public static byte[] Farewell(int received, ConnectionLimits limits)
    {
        int most = Math.Max(0, limits.MaxOutbound - limits.HighWatermark);
        long wanted = received % 7 == 0 ? limits.HighWatermark * 2L : received % 100;
        var words = new byte[Math.Min(most, wanted)];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = (byte)(received + (i * 13));
        }

        return words;
    }

    private void OnConnect(Connection connection) => OnAccept(connection);

    private void OnAccept(Connection connection)
    {
        _served = world.ServedBy(connection);
        _served.Accept(connection);
        EndIfDue(connection);
    }

    private readonly void OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        Conversation conversation = _served!.Peer.Conversation;
        _served.Deliver(connection, data, data.Length);
        int before = _served.Delivered - data.Length;
        bool ends = conversation.EndsAfter >= 0 && _served.Delivered >= conversation.EndsAfter;
        _served.Send(connection, ends ? data[..(conversation.EndsAfter - before)] : data);
        EndIfDue(connection);
    }

    private readonly void OnReadClosed(Connection connection)
    {
        _served!.CloseReading(connection);
        Conversation conversation = _served.Peer.Conversation;
        if (_served.Delivered == conversation.Output.Length)
        {
            _served.Send(connection, Farewell(_served.Delivered, world.Limits));
        }

        _served.Close(connection);
    }

    private readonly void OnClose(Connection connection, CloseReason reason) =>
        _served!.End(connection, reason);

    private readonly void EndIfDue(Connection connection)
    {
        Conversation conversation = _served!.Peer.Conversation;
        if (conversation.EndsAfter < 0 || _served.Delivered < conversation.EndsAfter)
        {
            return;
        }

        if (conversation.EndsByAbort)
        {
            _served.Abort(connection);
        }
        else
        {
            _served.Close(connection);
        }
    }
}
