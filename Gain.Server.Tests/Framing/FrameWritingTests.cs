using CsCheck;

namespace Gain.Tests.Server;

/// <summary>What the emitted BeginFrame, EndFrame and CancelFrame write, and what they refuse.</summary>
[TestFixtureSource(typeof(FramingCase), nameof(FramingCase.Declared))]
public sealed class FrameWritingTests
{
    private const int Samples = 300;

    private readonly FramingCase _framing;

    public FrameWritingTests(object framing) => _framing = (FramingCase)framing;

    // What is queued before moves the frame to every place of a segment, its header across two among them.
    [Test]
    public void Frames_written_in_pieces_are_those_that_SendFrame_writes() =>
        Gen.Select(
            Gen.Int[_framing.Least, _framing.Most],
            Gen.Int[0, 2].Array[1, 6],
            Gen.OneOf(Gen.Int[0, 3], Gen.Int[16_000, 16_400])).Sample(
            (length, ways, before) =>
            {
                using IFrameFeed feed = _framing.Open();
                byte[] payload = _framing.Payload(length, length);
                byte[] expected = feed.Send(payload);
                byte[] front = Clients.Pattern(before, 1);

                feed.Connection.Send(front);
                feed.BeginFrame();
                WriteInPieces(feed.Connection, payload, ways);
                feed.EndFrame();
                feed.BeginFrame();
                WriteInPieces(feed.Connection, payload, [0]);
                feed.EndFrame();

                int bytes = feed.Connection.OutboundBytes;
                byte[] written = feed.TakeOutbound();
                Assert.That(written, Is.EqualTo((byte[])[.. front, .. expected, .. expected]));
                Assert.That(bytes, Is.EqualTo(written.Length));
                Assert.That(feed.SegmentsInUse, Is.Zero);
            },
            iter: Samples);

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(16_383)]
    [TestCase(16_384)]
    public void A_cancelled_frame_leaves_what_was_before_it(int before)
    {
        using IFrameFeed feed = _framing.Open();
        byte[] front = Clients.Pattern(before, 1);
        feed.Connection.Send(front);
        feed.BeginFrame();
        feed.Connection.Send(new byte[40_000]);
        feed.CancelFrame();
        Assert.That(feed.Connection.OutboundBytes, Is.EqualTo(before));

        byte[] payload = _framing.Payload(_framing.Most, 1);
        feed.BeginFrame();
        feed.Connection.Send(payload);
        feed.EndFrame();
        byte[] written = feed.TakeOutbound();
        Assert.That(written, Is.EqualTo((byte[])[.. front, .. feed.Send(payload)]));
        Assert.That(feed.SegmentsInUse, Is.Zero);
    }

    [Test]
    public void A_payload_of_a_length_that_no_frame_has_is_dropped_and_refused()
    {
        using IFrameFeed feed = _framing.Open();
        feed.Connection.Send("before"u8);
        foreach (int length in new[] { _framing.Least - 1, _framing.Most + 1 }.Where(length => length >= 0))
        {
            feed.BeginFrame();
            feed.Connection.Send(_framing.Payload(length, 1));
            Assert.That(
                feed.EndFrame,
                Throws.InvalidOperationException.With.Message.Contains($"payload has {length} bytes"));
        }

        Assert.That(feed.TakeOutbound(), Is.EqualTo("before"u8.ToArray()));
    }

    [Test]
    public void A_frame_of_a_connection_that_closes_meanwhile_is_dropped_whole()
    {
        using IFrameFeed feed = _framing.Open();
        feed.Connection.Send("before"u8);
        feed.BeginFrame();
        feed.Connection.Send(_framing.Payload(_framing.Least, 1));
        feed.Connection.Close();
        feed.Connection.Send("lost"u8);
        feed.EndFrame();

        feed.BeginFrame();
        feed.Connection.Send(_framing.Payload(_framing.Least, 1));
        feed.EndFrame();
        Assert.That(feed.TakeOutbound(), Is.EqualTo("before"u8.ToArray()));
    }

    [Test]
    public void A_frame_over_the_outbound_limit_closes_the_connection_and_is_dropped_whole()
    {
        using IFrameFeed feed = _framing.Open();
        feed.Connection.Send(new byte[FrameWriters.MaxBytes - 30]);
        feed.BeginFrame();
        feed.Connection.Send(new byte[31]);
        Assert.That(feed.Connection.IsClosing);
        feed.EndFrame();
        Assert.That(feed.Connection.OutboundBytes, Is.EqualTo(FrameWriters.MaxBytes - 30));
    }

    // While it is written, its header has the room of the longest one.
    [Test]
    public void A_frame_that_fills_the_outbound_limit_exactly_is_taken([Range(0, 2)] int way)
    {
        using IFrameFeed feed = _framing.Open();
        byte[] payload = _framing.Payload(_framing.Most, 1);
        byte[] expected = feed.Send(payload);
        feed.BeginFrame();
        int most = Math.Max(expected.Length, feed.Connection.OutboundBytes + payload.Length);
        feed.CancelFrame();
        byte[] front = Clients.Pattern(FrameWriters.MaxBytes - most, 2);
        feed.Connection.Send(front);
        feed.BeginFrame();
        WriteInPieces(feed.Connection, payload, [way, way, way]);
        feed.EndFrame();
        Assert.That(feed.Connection.IsClosing, Is.False);
        Assert.That(feed.Connection.OutboundBytes, Is.EqualTo(front.Length + expected.Length));
        byte[] written = feed.TakeOutbound();
        Assert.That(written.AsSpan().SequenceEqual((byte[])[.. front, .. expected]));
    }

    [Test]
    public void Frames_begin_and_end_in_turn()
    {
        using IFrameFeed feed = _framing.Open();
        Assert.That(feed.EndFrame, Throws.InvalidOperationException.With.Message.Contains("BeginFrame"));
        Assert.That(feed.CancelFrame, Throws.InvalidOperationException.With.Message.Contains("BeginFrame"));
        feed.BeginFrame();
        Assert.That(feed.BeginFrame, Throws.InvalidOperationException.With.Message.Contains("is open"));
        feed.CancelFrame();
        Assert.That(feed.EndFrame, Throws.InvalidOperationException);
        Assert.That(feed.TakeOutbound(), Is.Empty);
    }

    private static void WriteInPieces(Connection connection, byte[] payload, int[] ways)
    {
        int piece = Math.Max(1, payload.Length / ways.Length);
        for (int at = 0, i = 0; at < payload.Length; at += piece, i++)
        {
            ReadOnlySpan<byte> part = payload.AsSpan(at, Math.Min(piece, payload.Length - at));
            switch (ways[i % ways.Length])
            {
                case 0:
                    connection.Send(part);
                    break;
                case 1:
                    part.CopyTo(connection.GetSpan(part.Length));
                    connection.Advance(part.Length);
                    break;
                default:
                    part.CopyTo(connection.GetSpan(20_000));
                    connection.Advance(part.Length);
                    break;
            }
        }
    }
}
