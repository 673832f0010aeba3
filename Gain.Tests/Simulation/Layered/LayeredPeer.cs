using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gain.Tests.Simulation.Layered;

/// <summary>
/// A peer's end of the layer. What it sends is known beforehand: it does not depend on what it is sent, but
/// for when it goes on. What it is sent it reads record by record.
/// </summary>
internal sealed class LayeredPeer
{
    public const int HelloBytes = 17;

    private readonly SimulatedWorld _world;
    private readonly int _id;
    private readonly ulong _key;
    private readonly List<byte> _wire = [];
    private readonly List<byte> _partial = [];
    private readonly PositionMap _in;
    private readonly PositionMap _out;
    private readonly int _rawIn;
    private readonly int _rawOut;
    private readonly int _helloEnd;
    private readonly bool _isPolite;
    private readonly int _closedAt = int.MaxValue;
    private readonly int _damagedAt = int.MaxValue;
    private uint _sent;
    private uint _read;
    private int _taken;
    private int _plainTaken;
    private int _repliedAt = int.MaxValue;

    public LayeredPeer(SimulatedWorld world, int id, Conversation conversation)
    {
        _world = world;
        _id = id;
        SimulationRandom random = world.LayerRandom;
        byte[] plain = conversation.Output;
        IsUpgraded = conversation.UpgradesAfter >= 0;
        HasBegun = !world.Scenario.UpgradesLayers;
        _rawIn = HasBegun ? 0 : IsUpgraded ? conversation.UpgradesAfter : plain.Length;
        _rawOut = HasBegun ? 0 : IsUpgraded ? conversation.AnswersTo(_rawIn) : int.MaxValue;
        _in = new PositionMap(_rawIn);
        _out = new PositionMap(_rawOut);
        _key = random.Next();
        _isPolite = random.Chance(0.8);
        _wire.AddRange(plain.AsSpan(0, _rawIn));
        if (HasBegun || IsUpgraded)
        {
            int damaged = random.Chance(0.06) && !conversation.IsViolation ? random.Skewed(1, 30) : -1;
            AddSetup(random, ref damaged);
            _helloEnd = _wire.Count;
            Add(RecordKind.Finish, new byte[random.Skewed(1, 3_000)], ref damaged);
            AddData(random, plain, ref damaged);
            _closedAt = random.Chance(0.85) ? Add(RecordKind.Close, [], ref damaged) : int.MaxValue;
            _damagedAt = DamagedAt;
        }

        Wire = [.. _wire];

        // The key of what it is sent is another.
        _sent = 0;
    }

    /// <summary>All that it sends, if it gets so far.</summary>
    public byte[] Wire { get; }

    /// <summary>Its handler asks for the layer at some place.</summary>
    public bool IsUpgraded { get; }

    /// <summary>It asks for answers of the layer in between.</summary>
    public bool HasAsks { get; private set; }

    /// <summary>The layer is there, or is being set up.</summary>
    public bool HasBegun { get; set; }

    /// <summary>It is set up.</summary>
    public bool IsUp { get; set; }

    /// <summary>Its session at the worker knows whose it is.</summary>
    public bool IsGreeted { get; set; }

    /// <summary>Its session at the worker has failed.</summary>
    public bool HasFailed { get; set; }

    /// <summary>What the session has sent that is no plain text.</summary>
    public int OverheadBytes { get; set; }

    /// <summary>The worker has sent its end, or an alert in place of it.</summary>
    public bool HasSeenClose { get; private set; }

    public bool HasSeenAlert { get; private set; }

    /// <summary>It does not wait for the answer to what starts the layer.</summary>
    public bool IsImpolite => !_isPolite;

    private int DamagedAt { get; set; } = int.MaxValue;

    /// <summary>How much of its plain text is in so many of its bytes.</summary>
    public int InOf(int wire) => _in.PlainOf(wire);

    /// <summary>How much plain text it reads from so many of the worker's bytes.</summary>
    public int OutOf(int wire) => _out.PlainOf(wire);

    public bool HasClosedIn(int wire) => wire >= _closedAt;

    public bool HasDamageIn(int wire) => wire >= _damagedAt;

    /// <summary>How many of its bytes it may have sent, once it has received so many.</summary>
    public int MaySend(int received)
    {
        if (!_isPolite || Wire.Length == _rawIn)
        {
            return Wire.Length;
        }

        return received < _rawOut ? _rawIn : received < _repliedAt ? _helloEnd : Wire.Length;
    }

    /// <summary>The kernel takes bytes for it.</summary>
    public void Accept(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> expected)
    {
        int raw = Math.Min(bytes.Length, Math.Max(0, _rawOut - _taken));
        if (!expected[_plainTaken..].StartsWith(bytes[..raw]))
        {
            throw Fail($"is sent wrong plain bytes at {_taken}");
        }

        _plainTaken += raw;
        _taken += raw;
        _partial.AddRange(bytes[raw..]);
        Span<byte> rest = CollectionsMarshal.AsSpan(_partial);
        int done = 0;
        while (LayerRecord.LengthOf(rest[done..]) is > 0 and var length && rest.Length - done >= length)
        {
            done += length;
            _taken += length;
            Read(rest.Slice(done - length, length), expected);
        }

        _partial.RemoveRange(0, done);
    }

    /// <summary>FIN is sent, in order: the layer has ended before it.</summary>
    public void CheckMayEnd()
    {
        if (!HasBegun || !IsGreeted)
        {
            return;
        }

        if (_partial.Count != 0)
        {
            throw Fail($"is sent FIN behind {_partial.Count} bytes of a record");
        }

        if (!HasSeenClose && !HasSeenAlert)
        {
            throw Fail("is sent FIN, and the layer has not ended");
        }
    }

    private void Read(Span<byte> record, ReadOnlySpan<byte> expected)
    {
        if (HasSeenClose || HasSeenAlert)
        {
            throw Fail("is sent more behind the end");
        }

        if (!LayerRecord.TryOpen(record, ~_key, ref _read, out RecordKind kind, out Span<byte> body))
        {
            throw Fail($"is sent a record that ends at {_taken}, and is not the next");
        }

        switch (kind)
        {
            case RecordKind.Reply:
                _repliedAt = _taken;
                break;
            case RecordKind.Data:
                if (!expected[_plainTaken..].StartsWith(body))
                {
                    throw Fail(
                        $"is sent wrong bytes at {_plainTaken}: "
                        + _world.Describe(body, expected[_plainTaken..]));
                }

                _plainTaken += body.Length;
                break;
            case RecordKind.Close:
                HasSeenClose = true;
                break;
            case RecordKind.Alert:
                HasSeenAlert = true;
                break;
        }

        _out.Add(_taken, _plainTaken);
    }

    private void AddSetup(SimulationRandom random, ref int damaged)
    {
        Span<byte> hello = stackalloc byte[HelloBytes];
        BinaryPrimitives.WriteUInt16BigEndian(hello, (ushort)_id);
        BinaryPrimitives.WriteUInt64BigEndian(hello[2..], _key);
        BinaryPrimitives.WriteUInt16BigEndian(hello[10..], (ushort)random.Skewed(1, 5_000));
        BinaryPrimitives.WriteUInt16BigEndian(hello[12..], (ushort)random.Skewed(1, 2_000));
        hello[14] = (byte)(random.Chance(0.3) ? 1 : 0);

        // After so many records of data the session cannot send anymore.
        BinaryPrimitives.WriteUInt16BigEndian(
            hello[15..], (ushort)(random.Chance(0.02) ? random.Skewed(1, 20) : 0));
        byte[] record = LayerRecord.Make(RecordKind.Hello, hello, 0, ref _sent);
        Append(record, ref damaged);
        _sent = 0;
    }

    private void AddData(SimulationRandom random, byte[] plain, ref int damaged)
    {
        int longest = random.Skewed(1, LayerRecord.MaxBody);
        int asks = random.Chance(0.3) ? 5 : 0;
        for (int at = _rawIn; at < plain.Length;)
        {
            int length = random.Chance(0.02) ? 0 : random.Skewed(1, Math.Min(longest, plain.Length - at));
            int end = Add(RecordKind.Data, plain.AsSpan(at, length), ref damaged);
            at += length;
            _in.Add(end, at);
            if (random.Below(10) < asks)
            {
                asks--;
                HasAsks = true;
                byte[] wanted = new byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(wanted, (ushort)random.Skewed(0, 300));
                Add(RecordKind.Ask, wanted, ref damaged);
            }
        }
    }

    private int Add(RecordKind kind, ReadOnlySpan<byte> body, ref int damaged)
    {
        Append(LayerRecord.Make(kind, body, _key, ref _sent), ref damaged);
        return _wire.Count;
    }

    private void Append(byte[] record, ref int damaged)
    {
        if (damaged-- == 0)
        {
            record[^1] ^= 1;
            DamagedAt = _wire.Count + record.Length;
        }

        _wire.AddRange(record);
    }

    private SimulationException Fail(string what) => _world.Fail($"peer {_id} {what}");
}
