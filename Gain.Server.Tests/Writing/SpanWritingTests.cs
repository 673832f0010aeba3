using System.Net.Sockets;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Server;

/// <summary><c>GetSpan</c>, <c>Advance</c> and <c>SendStatic</c>, on a connection without a socket.</summary>
public sealed class SpanWritingTests
{
    private static readonly ReadOnlyMemory<byte> s_immortal =
        GC.AllocateArray<byte>(ConnectionWriter.MinStaticBytesBehind, pinned: true);

    [TestCase(0, 256)]
    [TestCase(1, 1)]
    [TestCase(16_384, 16_384)]
    [TestCase(16_385, 16_385)]
    [TestCase(5_000_000, 5_000_000)]
    public void The_memory_is_at_least_as_large_as_was_asked_for(int sizeHint, int least)
    {
        using var model = new OutboundModel();
        model.Send(new byte[16_380]);

        Assert.That(model.Connection.GetSpan(sizeHint).Length, Is.AtLeast(least));
    }

    [Test]
    public void What_is_not_advanced_over_is_not_sent()
    {
        using var model = new OutboundModel();
        model.Connection.GetSpan(40_000).Fill(1);
        Assert.That(model.Connection.OutboundBytes, Is.Zero);
        Assert.That(model.Table.HasPending, Is.False);

        model.WriteSpan(10, "abc"u8.ToArray());
        model.AssertSentAsWritten();
    }

    [Test]
    public void Memory_may_be_advanced_over_in_steps()
    {
        using var model = new OutboundModel();
        foreach (int size in new[] { 10, 20_000 })
        {
            "123456"u8.CopyTo(model.Connection.GetSpan(size));
            model.Connection.Advance(1);
            model.Connection.Advance(0);
            model.Connection.Advance(2);
            model.Connection.Advance(3);
        }

        model.TakeSome(int.MaxValue);
        Assert.That(model.Sent, Is.EqualTo("123456123456"u8.ToArray()));
    }

    [Test]
    public void A_large_piece_of_memory_that_nobody_used_is_given_back()
    {
        using var model = new OutboundModel();
        model.Connection.GetSpan(5_000_000);
        Assert.That(model.Budget.ReservedBytes, Is.AtLeast(5_000_000));

        model.Table.Segments.Trim();
        Assert.That(model.Budget.ReservedBytes, Is.LessThan(5_000_000));
        model.WriteSpan(30_000, Clients.Pattern(30_000, 1));
        model.AssertSentAsWritten();
    }

    [Test]
    public void Memory_that_nobody_used_is_given_again_where_it_is_large_enough()
    {
        using var model = new OutboundModel();
        int length = model.Connection.GetSpan(20_000).Length;
        long reserved = model.Budget.ReservedBytes;
        Assert.That(model.Connection.GetSpan(length).Length, Is.EqualTo(length));
        Assert.That(model.Budget.ReservedBytes, Is.EqualTo(reserved));
        Assert.That(model.Connection.GetSpan(length + 1).Length, Is.GreaterThan(length));
    }

    [TestCase(-1)]
    [TestCase(ConnectionWriter.MaxSizeHint + 1)]
    public void A_size_that_cannot_be_is_refused(int sizeHint)
    {
        using var model = new OutboundModel();
        Assert.That(
            () => model.Connection.GetSpan(sizeHint).Length,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("0 to 1,073,741,824"));
    }

    [Test]
    public void Advancing_needs_memory_that_is_still_there()
    {
        using var model = new OutboundModel();
        AssertRefused(model, 1, left: 0);

        int length = model.Connection.GetSpan(100).Length;
        AssertRefused(model, length + 1, left: length);
        AssertRefused(model, -1, left: length);

        model.Connection.GetSpan(100);
        model.Send([1]);
        AssertRefused(model, 100, left: length);

        length = model.Connection.GetSpan(100).Length;
        model.Send([2]);
        AssertRefused(model, 100, left: length);

        model.Connection.GetSpan(20_000);
        model.Writer.BeginTurn();
        AssertRefused(model, 1, left: 0);
        model.AssertSentAsWritten();
    }

    [TestCase(10)]
    [TestCase(20_000)]
    public void Advancing_over_the_limit_queues_nothing_and_closes(int sizeHint)
    {
        using var model = new OutboundModel(maxBytes: 10_000);
        model.Send(new byte[9_995]);
        model.Connection.GetSpan(sizeHint);
        Assert.That(model.Connection.TryAdvance(6), Is.False);
        Assert.That(model.Connection.IsClosing, Is.False);

        model.Connection.GetSpan(sizeHint);
        model.Connection.Advance(6);
        Assert.That(model.Connection.IsClosing);
        Assert.That(model.Slot.Reason, Is.EqualTo(CloseReason.OutboundLimit));
        Assert.That(model.Connection.OutboundBytes, Is.EqualTo(9_995));
    }

    [TestCase(10)]
    [TestCase(20_000)]
    public void What_is_written_to_a_closing_connection_is_dropped(int sizeHint)
    {
        using var model = new OutboundModel();
        model.Connection.Close();
        model.Connection.GetSpan(sizeHint).Fill(1);
        model.Connection.Advance(sizeHint);
        model.Connection.SendStatic("dropped"u8);
        Assert.That(model.Connection.OutboundBytes, Is.Zero);
        Assert.That(model.Slot.Reason, Is.EqualTo(CloseReason.Local));

        model.Connection.GetSpan(sizeHint);
        Assert.That(model.Connection.TryAdvance(sizeHint), Is.False);
        Assert.That(model.Connection.TrySendStatic("dropped"u8), Is.False);
        Assert.That(model.Table.Segments.InUse, Is.Zero);
    }

    [Test]
    public unsafe void Static_bytes_are_sent_from_where_they_lie()
    {
        using var model = new OutboundModel();
        var memory = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed(5_000);
        model.Connection.SendStatic(new ReadOnlySpan<byte>(memory, 5_000));
        Assert.That((nint)model.Slot.Outbound.First, Is.EqualTo((nint)memory));
        Assert.That(model.Slot.Outbound.FirstLength, Is.EqualTo(5_000));
        Assert.That(model.Slot.Outbound.IsSinglePiece);

        model.Slot.Outbound.Consume(model.Table.Segments, 4_000);
        Assert.That((nint)model.Slot.Outbound.First, Is.EqualTo((nint)memory + 4_000));
        model.Slot.Outbound.Consume(model.Table.Segments, 1_000);
        Assert.That(model.Table.Segments.InUse, Is.Zero);
        System.Runtime.InteropServices.NativeMemory.Free(memory);
    }

    [Test]
    public void Few_static_bytes_join_those_in_front_of_them()
    {
        using var model = new OutboundModel();
        model.Send([1]);
        model.SendStatic(new byte[ConnectionWriter.MinStaticBytesBehind - 1]);
        Assert.That(model.Slot.Outbound.IsSinglePiece);

        model.SendStatic(s_immortal.Span);
        Assert.That(model.Slot.Outbound.IsSinglePiece, Is.False);
        model.AssertSentAsWritten();
    }

    [Test]
    public void Static_bytes_over_the_limit_are_not_queued()
    {
        using var model = new OutboundModel(maxBytes: 2_000);
        ReadOnlySpan<byte> data = new byte[2_001];
#pragma warning disable GAIN3006 // Both are refused: nothing is sent from where it lies.
        Assert.That(model.Connection.TrySendStatic(data), Is.False);
        Assert.That(model.Connection.IsClosing, Is.False);
        model.Connection.SendStatic(data);
#pragma warning restore GAIN3006
        Assert.That(model.Slot.Reason, Is.EqualTo(CloseReason.OutboundLimit));
        Assert.That(model.Connection.OutboundBytes, Is.Zero);
    }

    [Test]
    public void Whoever_is_refused_is_told_when_there_is_room(
        [Values("advance", "advance far", "static", "static without memory")] string way)
    {
        const int limit = 20_000;
        bool grants = true;
        using var model = new OutboundModel(limit, budget: new MemoryBudget(1L << 40, _ => grants));
        int before = way == "static without memory" ? 1 : limit - 5;
        model.Send(new byte[before]);
        Assert.That(model.Slot.IsOverflowed, Is.False);
        bool isTaken = true;
        switch (way)
        {
            case "advance":
                model.Connection.GetSpan(10);
                isTaken = model.Connection.TryAdvance(6);
                break;
            case "advance far":
                model.Connection.GetSpan(18_000);
                isTaken = model.Connection.TryAdvance(18_000);
                break;
            default:
                grants = way == "static";
#pragma warning disable GAIN3006 // It is refused: nothing is sent from where it lies.
                isTaken = model.Connection.TrySendStatic(s_immortal.Span);
#pragma warning restore GAIN3006
                break;
        }

        Assert.That(isTaken, Is.False);
        Assert.That(model.Slot.IsOverflowed);
        Assert.That(model.Slot.IsCongested);
        Assert.That(model.Connection.OutboundBytes, Is.EqualTo(before));
        grants = true;
    }

    private static void AssertRefused(OutboundModel model, int count, int left) =>
        Assert.That(
            () => model.Connection.Advance(count),
            Throws.InvalidOperationException.With.Message.StartsWith(
                $"Advance({count:N0}) has {left:N0} bytes"));
}
