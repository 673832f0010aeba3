using System.Buffers.Binary;
using Gain.Layers;

namespace Gain.Tests.Simulation.Layered;

/// <summary>The worker's end of the simulated layer, for one connection.</summary>
internal sealed class SimulatedLayerSession(SimulatedWorld world, long tag, Action<long> resume)
    : LayerSession
{
    private readonly byte[] _record = new byte[LayerRecord.MaxBody + LayerRecord.Overhead];
    private LayeredPeer? _peer;
    private int _filled;
    private byte[] _plain = [];
    private int _given;
    private ulong _key;
    private uint _read;
    private uint _sent;
    private int _replyBytes;
    private int _ticketBytes;
    private int _failsAfter;
    private bool _isSuspended;
    private bool _isResumed;
    private bool _hasPeerEnded;
    private bool _hasClosed;
    private bool _hasFailed;
    private bool _hasEnded;

    public override bool HasPeerEnded => _hasPeerEnded;

    public override string Failure => "as planned";

    public override LayerStatus Receive(
        ref ReadOnlySpan<byte> input, Span<byte> plaintext, LayerOutput output, out int count)
    {
        CheckLiving();
        Require(!plaintext.IsEmpty, "a layer was given no room");
        count = Math.Min(plaintext.Length, _plain.Length - _given);
        if (count != 0)
        {
            _plain.AsSpan(_given, count).CopyTo(plaintext);
            _given += count;
            return LayerStatus.Data;
        }

        if (_hasFailed)
        {
            return LayerStatus.Failed;
        }

        if (_isSuspended)
        {
            if (!_isResumed)
            {
                return LayerStatus.Suspended;
            }

            _isSuspended = false;
            Send(RecordKind.Reply, new byte[_replyBytes], output);
        }

        while (TryTakeRecord(ref input, out int length))
        {
            if (Handle(_record.AsSpan(0, length), output) is { } status)
            {
                if (status == LayerStatus.Data)
                {
                    count = Math.Min(plaintext.Length, _plain.Length);
                    _plain.AsSpan(0, count).CopyTo(plaintext);
                    _given = count;
                }

                return status;
            }
        }

        return LayerStatus.NeedsInput;
    }

    public override bool Seal(ReadOnlySpan<byte> plaintext, LayerOutput output)
    {
        CheckLiving();
        Require(_peer is { IsUp: true }, "a layer is to send data, and is not set up");
        Require(!_hasClosed, "a layer is to send data behind its end");
        while (!plaintext.IsEmpty)
        {
            if (_hasFailed || (_failsAfter != 0 && --_failsAfter == 0))
            {
                Fail(output);
                return false;
            }

            int length = Math.Min(plaintext.Length, LayerRecord.MaxBody);
            Send(RecordKind.Data, plaintext[..length], output);
            plaintext = plaintext[length..];
        }

        return true;
    }

    public override void Close(LayerOutput output)
    {
        CheckLiving();
        if (!_hasFailed && !_hasClosed)
        {
            _hasClosed = true;
            if (_peer is not null)
            {
                Send(RecordKind.Close, [], output);
            }
        }
    }

    public override void End()
    {
        CheckLiving();
        _hasEnded = true;
        world.LayerSessions--;
        world.SetupsStopped += world.IsStopping && _peer is not { IsUp: true } ? 1 : 0;
    }

    private bool TryTakeRecord(ref ReadOnlySpan<byte> input, out int length)
    {
        length = Math.Max(LayerRecord.HeaderBytes, LayerRecord.LengthOf(_record.AsSpan(0, _filled)));
        while (true)
        {
            int taken = Math.Min(length - _filled, input.Length);
            input[..taken].CopyTo(_record.AsSpan(_filled));
            input = input[taken..];
            _filled += taken;
            if (_filled != length)
            {
                return false;
            }

            int whole = LayerRecord.LengthOf(_record.AsSpan(0, _filled));
            if (whole > _record.Length)
            {
                throw world.Fail("a layer was given bytes that are no record");
            }

            if (length == whole)
            {
                _filled = 0;
                return true;
            }

            length = whole;
        }
    }

    private LayerStatus? Handle(Span<byte> record, LayerOutput output)
    {
        Require(!_hasPeerEnded, "a layer was given bytes behind its peer's end");
        if (!LayerRecord.TryOpen(record, _key, ref _read, out RecordKind kind, out Span<byte> body))
        {
            // Before it has said who it is, anyone may have sent it.
            Require(
                _peer is null || _peer.HasDamageIn(int.MaxValue - 1),
                "a layer was given a record that is not the next of its peer");
            Fail(output);
            return LayerStatus.Failed;
        }

        switch (kind)
        {
            case RecordKind.Hello:
                return Greet(body, output);
            case RecordKind.Finish:
                Send(RecordKind.Ticket, new byte[_ticketBytes], output);
                _peer!.IsUp = true;
                return LayerStatus.Ready;
            case RecordKind.Data:
                _plain = body.ToArray();
                _given = 0;
                return _plain.Length == 0 ? null : LayerStatus.Data;
            case RecordKind.Ask:
                Send(RecordKind.Answer, new byte[BinaryPrimitives.ReadUInt16BigEndian(body)], output);
                return null;
            default:
                _hasPeerEnded = true;
                return LayerStatus.Closed;
        }
    }

    private LayerStatus? Greet(ReadOnlySpan<byte> hello, LayerOutput output)
    {
        _peer = world.Peers[BinaryPrimitives.ReadUInt16BigEndian(hello)].Layer!;
        _peer.IsGreeted = true;
        _key = BinaryPrimitives.ReadUInt64BigEndian(hello[2..]);
        _read = 0;
        _replyBytes = BinaryPrimitives.ReadUInt16BigEndian(hello[10..]);
        _ticketBytes = BinaryPrimitives.ReadUInt16BigEndian(hello[12..]);
        _failsAfter = BinaryPrimitives.ReadUInt16BigEndian(hello[15..]);
        if (hello[14] == 0)
        {
            Send(RecordKind.Reply, new byte[_replyBytes], output);
            return null;
        }

        _isSuspended = true;
        if (world.LayerRandom.Chance(0.2))
        {
            // The other thread is done before this one knows.
            Resume();
        }
        else
        {
            world.Events.Plan(world.NowNs + world.LayerRandom.SkewedLong(1, 30_000_000), Resume);
        }

        return LayerStatus.Suspended;
    }

    private void Resume()
    {
        world.Trace.Add($"a set-up is resumed, over {_hasEnded}");
        world.Kernel.NoteProgress();
        _isResumed = true;
        resume(tag);
    }

    private void Fail(LayerOutput output)
    {
        if (_hasFailed)
        {
            return;
        }

        _hasFailed = true;
        if (_peer is not null)
        {
            _peer.HasFailed = true;
            if (!_hasClosed)
            {
                Send(RecordKind.Alert, [], output);
            }
        }
    }

    private void Send(RecordKind kind, ReadOnlySpan<byte> body, LayerOutput output)
    {
        if (_hasClosed && kind != RecordKind.Close)
        {
            return;
        }

        byte[] record = LayerRecord.Make(kind, body, ~_key, ref _sent);
        _peer!.OverheadBytes += record.Length - (kind == RecordKind.Data ? body.Length : 0);
        if (world.LayerRandom.Chance(0.3))
        {
            output.Write(record);
            return;
        }

        for (ReadOnlySpan<byte> rest = record; !rest.IsEmpty;)
        {
            Span<byte> room = output.GetSpan(rest.Length);
            int count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            output.Advance(count);
            rest = rest[count..];
        }
    }

    private void CheckLiving() => Require(!_hasEnded, "a layer's session was used after its end");

    private void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw world.Fail(otherwise);
        }
    }
}
