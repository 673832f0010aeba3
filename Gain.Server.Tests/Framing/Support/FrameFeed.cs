using Gain.CompilerServices;
using Gain.Kernel;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Server;

/// <summary>The emitted parser and writer of one protocol, on a connection without a socket.</summary>
internal sealed class FrameFeed<TProtocol> : IFrameFeed
    where TProtocol : struct, IProtocol<TProtocol>
{
    private readonly MemoryBudget _budget = new(1L << 40);
    private readonly SlotTable _table;
    private readonly ConnectionWriter _writer;
    private readonly FrameWriters _writers;
    private readonly int _index;
    private TProtocol _handler;

    public FrameFeed(Func<FrameSink, TProtocol> create, FrameWriters writers)
    {
        _table = new SlotTable(1, 0, new Mailbox(2), _budget);
        _writer = new ConnectionWriter(_table, FrameWriters.Limits, _budget);
        _index = _table.Allocate(fd: -1);
        _handler = create(Sink);
        _writers = writers;
    }

    public FrameSink Sink { get; } = new();

    public List<byte[]> Frames => Sink.Frames;

    public ProtocolErrorKind? Rejected { get; private set; }

    public int CarriedBytes => _table[_index].Inbound.Length;

    public int CarriesInUse => _table.Carries.InUse;

    public void Receive(ReadOnlySpan<byte> data)
    {
        if (Rejected is not null)
        {
            return;
        }

        ref Slot slot = ref _table[_index];
        int consumed = TProtocol.Read(ref _handler, new Connection(_writer, ref slot), data);
        if (slot.IsRejected)
        {
            if (consumed != -1)
            {
                Assert.Fail($"a rejecting parser returned {consumed}");
            }

            Rejected = _table.Rejection.Kind;
            return;
        }

        slot.Inbound.Append(_table.Carries, data[consumed..]);
    }

    public void Reset()
    {
        _table.Free(_index);
        _table.Allocate(fd: -1);
        Rejected = null;
    }

    public Connection Connection => new(_writer, ref _table[_index]);

    public int SegmentsInUse => _table.Segments.InUse;

    public byte[] Send(byte[] payload)
    {
        _writers.Send(Connection, payload);
        return TakeOutbound();
    }

    public void BeginFrame() => _writers.Begin(Connection);

    public void EndFrame() => _writers.End(Connection);

    public void CancelFrame() => _writers.Cancel(Connection);

    public unsafe byte[] TakeOutbound()
    {
        ref Slot slot = ref _table[_index];
        var pieces = new iovec[slot.Outbound.Bytes + 1];
        int count = slot.Outbound.Gather(pieces);
        using var written = new MemoryStream();
        for (int i = 0; i < count; i++)
        {
            written.Write(new ReadOnlySpan<byte>(pieces[i].iov_base, (int)pieces[i].iov_len));
        }

        slot.Outbound.Clear(_table.Segments);
        return written.ToArray();
    }

    public void Dispose() => _table.Dispose();
}
