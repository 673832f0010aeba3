using Gain.Layers;
using Gain.Mail;
using Gain.Memory;
using Gain.Slots;
using Gain.Writing;

namespace Gain.Tests.Connections;

/// <summary>When the writer begins a layer under a connection that is up, and when it refuses.</summary>
[Parallelizable]
public sealed class LayeredWriterTests
{
    private const int NoLayer = 0;
    private const int OnRequest = 1;

    private SlotTable _table = null!;
    private ConnectionWriter _writer = null!;

    [SetUp]
    public void NewWriter()
    {
        var budget = new MemoryBudget(1L << 30);
        _table = new SlotTable(2, 0, new Mailbox(2), budget);
        _writer = new ConnectionWriter(_table, new ConnectionLimits(10_000, 0, 10_000, 1), budget)
        {
            Layered = new LayerTable(2, _table.Segments, [false, true]),
        };
    }

    [TearDown]
    public void DropTable() => _table.Dispose();

    private ref Slot Open(int address = OnRequest) => ref _table[_table.Allocate(fd: -1, (byte)address)];

    [Test]
    public void What_was_written_before_is_sent_as_it_is_and_the_layer_begins()
    {
        ref Slot slot = ref Open();
        Assert.That(_writer.TryWrite(ref slot, "go on"u8));
        _writer.StartLayer(ref slot);
        int index = _table.IndexOf(ref slot);
        Assert.That(slot.IsLayered);
        Assert.That(slot.IsStarting);
        Assert.That(_writer.Layered!.IsUpgraded(index));
        Assert.That(_writer.Layered.SealedOf(index).Bytes, Is.EqualTo(5));
        _writer.Layered.Drop(index);
    }

    [Test]
    public void Memory_that_was_offered_before_is_not_written_to_anymore()
    {
        ref Slot slot = ref Open();
        _writer.GetSpan(ref slot, 10).Clear();
        _writer.StartLayer(ref slot);
        Assert.That(AdvanceOne, Throws.InvalidOperationException);

        void AdvanceOne() => _writer.TryAdvance(ref _table[0], 1);
    }

    [TestCase(NoLayer, "UseStartTls")]
    [TestCase(2, "UseStartTls")]
    public void An_address_that_has_no_layer_starts_none(int address, string way)
    {
        Open(address);
        Assert.That(Start, Throws.InvalidOperationException.With.Message.Contains(way));
        Assert.That(_table[0].IsLayered, Is.False);
    }

    [Test]
    public void A_layer_starts_once()
    {
        Open();
        Start();
        Assert.That(Start, Throws.InvalidOperationException.With.Message.Contains("encrypted already"));
    }

    [Test]
    public void An_open_frame_is_ended_first()
    {
        Open();
        _writer.BeginFrame(ref _table[0], 2, []);
        Assert.That(Start, Throws.InvalidOperationException.With.Message.Contains("EndFrame"));
        _writer.CancelFrame(ref _table[0]);
        Start();
        Assert.That(_table[0].IsLayered);
    }

    [Test]
    public void Another_connections_frame_is_no_hindrance()
    {
        Open();
        ref Slot other = ref Open();
        _writer.BeginFrame(ref other, 2, []);
        Start();
        Assert.That(_table[0].IsLayered);
        _writer.CancelFrame(ref other);
    }

    [Test]
    public void An_answer_that_is_due_is_given_first()
    {
        Open();
        Assert.That(_table.TryHold(ref _table[0], out _, out _));
        Assert.That(Start, Throws.InvalidOperationException.With.Message.Contains("Answers are due"));
        Assert.That(_table[0].IsLayered, Is.False);
    }

    [Test]
    public void A_connection_that_ends_starts_nothing_and_is_no_error()
    {
        Open();
        _table.Close(ref _table[0], CloseReason.Local);
        Start();
        Assert.That(_table[0].IsLayered, Is.False);
    }

    private void Start() => _writer.StartLayer(ref _table[0]);
}
