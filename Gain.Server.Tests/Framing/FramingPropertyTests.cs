using CsCheck;

namespace Gain.Tests.Server;

/// <summary>
/// What must hold for any stream, cut at any places: the emitted parser is at every cut where the reference
/// is that sees the whole stream until there. A failure prints the seed that repeats it.
/// </summary>
[TestFixtureSource(typeof(FramingCase), nameof(FramingCase.All))]
public sealed class FramingPropertyTests
{
    private const int Samples = 1_000;
    private const int RandomStreams = 2_000;

    private static readonly Gen<int[]> s_pieces = Gen.OneOf(
        Gen.Int[1, 4].Array[1, 8],
        Gen.Int[1, 40].Array[1, 8],
        Gen.Int[1, 600].Array[1, 8]);

    private readonly FramingCase _framing;

    public FramingPropertyTests(object framing) => _framing = (FramingCase)framing;

    [Test]
    public void Frames_are_the_same_wherever_the_stream_is_cut()
    {
        Gen<int[]> lengths = Gen.OneOf(
            Gen.Int[_framing.Least, Math.Min(_framing.Least + 4, _framing.Most)],
            Gen.Int[_framing.Least, _framing.Most],
            Gen.Const(_framing.Most)).Array[0, 8];

        Gen.Select(lengths, s_pieces, Gen.Int).Sample(
            (lengths, pieces, seed) =>
            {
                using IFrameFeed feed = _framing.Open();
                byte[][] payloads = [.. lengths.Select((length, i) => _framing.Payload(length, seed + i))];
                byte[][] encoded = [.. payloads.Select(feed.Send)];
                AssertFollowsReference(feed, [.. encoded.SelectMany(frame => frame)], pieces);
                Assert.That(feed.Frames, Is.EqualTo(encoded.Select(_framing.FrameIn)));
                Assert.That(
                    feed.Frames.Zip(payloads, (frame, payload) => frame.AsSpan().EndsWith(payload)),
                    Has.All.True);
                Assert.That(feed.CarriesInUse, Is.Zero);
            },
            iter: Samples);
    }

    [Test]
    public void Frames_before_a_damage_are_the_same_and_the_damage_is_judged_alike()
    {
        Gen<int[]> lengths =
            Gen.Int[_framing.Least, Math.Min(_framing.Least + 20, _framing.Most)].Array[1, 6];
        Gen<int> place = Gen.Int[0, int.MaxValue];

        Gen.Select(lengths, s_pieces, place, Gen.Byte).Sample(
            (lengths, pieces, place, value) =>
            {
                using IFrameFeed feed = _framing.Open();
                byte[] stream =
                    [.. lengths.SelectMany((length, i) => feed.Send(_framing.Payload(length, i)))];
                if (stream.Length > 0)
                {
                    stream[place % stream.Length] = value;
                }

                AssertFollowsReference(feed, stream, pieces);
            },
            iter: Samples);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Random_bytes_are_judged_as_the_reference_judges_them(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < RandomStreams; i++)
        {
            byte[] stream = new byte[random.Next(100)];
            random.NextBytes(stream);

            // Mostly zeros and ones: lengths that are acceptable, else a stream ends at its first byte.
            int mask = i % 2 == 0 ? 0xFF : 0x81;
            foreach (ref byte value in stream.AsSpan())
            {
                value = (byte)(random.Next(4) == 0 ? value & mask : 0);
            }

            using IFrameFeed feed = _framing.Open();
            AssertFollowsReference(feed, stream, [1 + random.Next(9), 1 + random.Next(30)]);
        }
    }

    // All ones among them: the negative length that an adjustment makes look like a short one.
    [Test]
    public void Any_byte_repeated_is_judged_as_the_reference_judges_it()
    {
        for (int value = 0; value <= byte.MaxValue; value++)
        {
            byte[] stream = new byte[40];
            stream.AsSpan().Fill((byte)value);
            using IFrameFeed whole = _framing.Open();
            AssertFollowsReference(whole, stream, [stream.Length]);
            using IFrameFeed split = _framing.Open();
            AssertFollowsReference(split, stream, [1]);
        }
    }

    private void AssertFollowsReference(IFrameFeed feed, byte[] stream, int[] pieces)
    {
        for (int at = 0, i = 0; at < stream.Length; i++)
        {
            int length = Math.Min(pieces[i % pieces.Length], stream.Length - at);

            // A copy, wiped afterwards: a buffer is the kernel's again when the parser has returned.
            byte[] piece = stream[at..(at + length)];
            feed.Receive(piece);
            piece.AsSpan().Fill(0xDD);
            at += length;

            (List<byte[]> frames, ProtocolErrorKind? rejected, int left) =
                _framing.Reference.Split(stream[..at]);
            Assert.That(feed.Frames, Has.Count.EqualTo(frames.Count), "frames as soon as they are whole");
            Assert.That(feed.Rejected, Is.EqualTo(rejected), "violations as soon as they show");
            if (rejected is not null)
            {
                break;
            }

            Assert.That(feed.CarriedBytes, Is.EqualTo(left), "only an unfinished frame is kept");
            Assert.That(feed.CarriesInUse, Is.EqualTo(left > 0 ? 1 : 0));
        }

        Assert.That(feed.Frames, Is.EqualTo(_framing.Reference.Split(stream).Frames));
    }
}
