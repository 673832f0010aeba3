using Gain.Connections;
using Gain.Kernel;
using Gain.Workers;

namespace Gain.Tests.Server;

/// <summary>The emitted parser and writer of one protocol, on a connection without a socket.</summary>
internal sealed class FrameFeed<TProtocol> : IFrameFeed
    where TProtocol : struct, IProtocol<TProtocol>
{
    private const int MaxBytes = 1 << 20;

    private readonly ConnectionTable _table =
        new(
            1,
            new ConnectionLimits(MaxBytes, MaxBytes, MaxBytes, MaxBytes),
            0,
            new Mailbox(2),
            new MemoryBudget(1L << 40));

    private readonly Writer _send;
    private readonly int _index;
    private TProtocol _handler;

    public FrameFeed(Func<List<byte[]>, TProtocol> create, Writer send)
    {
        _index = _table.Allocate(fd: -1);
        _handler = create(Frames);
        _send = send;
    }

    /// <summary>The emitted SendFrame.</summary>
    public delegate void Writer(Connection connection, ReadOnlySpan<byte> payload);

    public List<byte[]> Frames { get; } = [];

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
        int consumed = TProtocol.Read(ref _handler, new Connection(_table, ref slot), data);
        if ((slot.Flags & SlotFlags.Rejected) != 0)
        {
            Assert.That(consumed, Is.EqualTo(-1));
            Rejected = _table.Rejection.Kind;
            return;
        }

        slot.Inbound.Append(_table.Carries, data[consumed..]);
    }

    public unsafe byte[] Send(byte[] payload)
    {
        ref Slot slot = ref _table[_index];
        _send(new Connection(_table, ref slot), payload);
        var pieces = new iovec[OutboundQueue.MaxPieces];
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
