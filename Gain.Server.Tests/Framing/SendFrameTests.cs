namespace Gain.Tests.Server;

/// <summary>What the emitted SendFrame writes, and what it refuses to write.</summary>
public sealed class SendFrameTests
{
    [TestCaseSource(typeof(FramingCase), nameof(FramingCase.Declared))]
    public void Frames_of_every_length_are_read_as_they_were_sent(object framing)
    {
        var one = (FramingCase)framing;
        using IFrameFeed feed = one.Open();
        for (int length = one.Least; length <= one.Most; length++)
        {
            byte[] payload = one.Payload(length, length);
            byte[] frame = feed.Send(payload);
            Assert.That(one.FrameIn(frame).AsSpan().EndsWith(payload));

            feed.Receive(frame);
            Assert.That(feed.Rejected, Is.Null);
            Assert.That(feed.Frames[^1], Is.EqualTo(one.FrameIn(frame)));
        }

        Assert.That(feed.Frames, Has.Count.EqualTo(one.Most - one.Least + 1));
    }

    [TestCaseSource(typeof(FramingCase), nameof(FramingCase.Declared))]
    public void Payload_of_a_length_that_no_frame_has_is_refused(object framing)
    {
        var one = (FramingCase)framing;
        using IFrameFeed feed = one.Open();
        foreach (int length in new[] { one.Least - 1, one.Most + 1 }.Where(length => length >= 0))
        {
            byte[] payload = one.Payload(length, 1);
            Assert.That(
                () => feed.Send(payload),
                Throws.ArgumentException.With.Message.Contains($"The payload has {length} bytes"));
        }
    }

    [Test]
    public void Refusal_names_what_the_prefix_holds_and_the_declared_limit()
    {
        using IFrameFeed feed = FramingCase.Of(nameof(CollectingProtocols.IntAdjusted)).Open();

        Assert.That(
            () => feed.Send(new byte[4]),
            Throws.ArgumentException.With.Message.StartsWith(
                "The payload has 4 bytes: the framing holds 5 to 2,147,483,647, and MaxFrameLength is 90."));
    }

    [TestCase("\r\n")]
    [TestCase("GET / HTTP/1.1\r\nForged: 1")]
    public void Payload_that_holds_the_delimiter_is_refused(string payload)
    {
        using IFrameFeed feed = FramingCase.Of(nameof(CollectingProtocols.Line)).Open();

        Assert.That(
            () => feed.Send(System.Text.Encoding.ASCII.GetBytes(payload)),
            Throws.ArgumentException.With.Message.Contains("more than one frame"));
        Assert.That(feed.Send("\r"u8.ToArray()), Is.EqualTo("\r\r\n"u8.ToArray()));
    }
}
