using static Gain.Tests.Server.CollectingProtocols;

namespace Gain.Tests.Server;

/// <summary>Where writes are dropped at the limit, frames are dropped whole.</summary>
public sealed class FrameDroppingTests
{
    private const int Limit = 100;

    [TestCase(96)]
    [TestCase(90)]
    [TestCase(100)]
    public void A_frame_that_does_not_fit_is_dropped_with_its_prefix(int before)
    {
        using var model = new OutboundModel(Limit, dropsWrites: true);
        model.Send(new byte[before]);
        Int.SendFrame(model.Connection, "0123456789"u8);
        Varint.SendFrame(model.Connection, "0123456789"u8);
        Line.SendFrame(model.Connection, "0123456789"u8);

        Assert.That(model.Connection.OutboundBytes, Is.EqualTo(before));
        Assert.That(model.Connection.IsClosing, Is.False);
        Assert.That(model.Writer.DroppedWrites, Is.EqualTo(3));
        model.AssertSentAsWritten();
    }

    [TestCase(99)]
    [TestCase(96)]
    [TestCase(90)]
    [TestCase(84)]
    public void A_frame_of_which_a_part_does_not_fit_is_dropped_when_it_ends(int before)
    {
        using var model = new OutboundModel(Limit, dropsWrites: true);
        model.Send(new byte[before]);
        Int.BeginFrame(model.Connection);
        model.Connection.Send("0123456789"u8);
        model.Connection.Send("0123456789"u8);
        Int.EndFrame(model.Connection);
        Assert.That(model.Connection.OutboundBytes, Is.EqualTo(before));
        Assert.That(model.Connection.IsClosing, Is.False);

        // The next one is not held responsible.
        model.AssertSentAsWritten();
        Int.BeginFrame(model.Connection);
        model.Connection.Send("x"u8);
        Int.EndFrame(model.Connection);
        Assert.That(model.Connection.OutboundBytes, Is.EqualTo(5));
    }
}
