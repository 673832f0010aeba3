using Gain.Kernel;
using Gain.Mail;
using Gain.Memory;
using Gain.Rings;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Server;

/// <summary>A connection without a socket, what was written to it, and what was taken from it.</summary>
internal sealed class OutboundModel : IDisposable
{
    private readonly MemoryStream _written = new();
    private readonly MemoryStream _sent = new();
    private readonly int _index;

    public OutboundModel(int maxBytes = 1 << 30, bool dropsWrites = false, MemoryBudget? budget = null)
    {
        Budget = budget ?? new MemoryBudget(1L << 40);
        var limits = new ConnectionLimits(maxBytes, 0, maxBytes, 1, dropsWrites);
        Table = new SlotTable(1, 0, new Mailbox(2), Budget);
        Writer = new ConnectionWriter(Table, limits, Budget);
        _index = Table.Allocate(fd: -1);
    }

    public MemoryBudget Budget { get; }

    public SlotTable Table { get; }

    public ConnectionWriter Writer { get; }

    public ref Slot Slot => ref Table[_index];

    public Connection Connection => new(Writer, ref Slot);

    public long WrittenBytes => _written.Length;

    public long SentBytes => _sent.Length;

    public byte[] Sent => _sent.ToArray();

    public void Send(byte[] data)
    {
        Connection.Send(data);
        _written.Write(data);
    }

    public void SendStatic(ReadOnlySpan<byte> data)
    {
        Connection.SendStatic(data);
        _written.Write(data);
    }

    public void WriteSpan(int sizeHint, byte[] data)
    {
        Span<byte> span = Connection.GetSpan(sizeHint);
        Assert.That(span.Length, Is.AtLeast(Math.Max(1, sizeHint)));
        int length = Math.Min(span.Length, data.Length);
        data.AsSpan(0, length).CopyTo(span);
        span[length..].Fill(0xEE);
        Connection.Advance(length);
        _written.Write(data, 0, length);
    }

    /// <summary>Takes up to so many bytes from the front, as a send that the kernel cuts short.</summary>
    public unsafe void TakeSome(int most)
    {
        if (Slot.Outbound.Bytes == 0)
        {
            return;
        }

        var pieces = new iovec[IRing.MaxPieces];
        int count = Slot.Outbound.IsSinglePiece ? 1 : Slot.Outbound.Gather(pieces);
        if (count == 1)
        {
            pieces[0].iov_base = Slot.Outbound.First;
            pieces[0].iov_len = (nuint)Slot.Outbound.FirstLength;
        }

        int taken = 0;
        for (int i = 0; i < count && taken < most; i++)
        {
            int length = Math.Min((int)pieces[i].iov_len, most - taken);
            Assert.That(length, Is.Positive, "an empty piece");
            _sent.Write(new ReadOnlySpan<byte>(pieces[i].iov_base, length));
            taken += length;
        }

        Slot.Outbound.Consume(Table.Segments, taken);
    }

    public void AssertSentAsWritten()
    {
        while (Slot.Outbound.Bytes > 0)
        {
            TakeSome(int.MaxValue);
        }

        Assert.That(Sent, Is.EqualTo(_written.ToArray()));
        Assert.That(Table.Segments.InUse, Is.Zero, "segments that are not home");
    }

    public void Dispose() => Table.Dispose();
}
