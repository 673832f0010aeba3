namespace Gain.Tests.Server;

/// <summary>
/// Random bytes from a seed, at the end of a mapped page with nothing behind it: whatever they are, the
/// emitted parser does not throw, does not read beyond them, and does not allocate.
/// </summary>
[TestFixtureSource(typeof(FramingCase), nameof(FramingCase.All))]
public sealed class FramingFuzzTests
{
    private const int Streams = 3_000;
    private const int MostBytes = 1_500;

    private readonly FramingCase _framing;

    public FramingFuzzTests(object framing) => _framing = (FramingCase)framing;

    [TestCase(11)]
    [TestCase(12)]
    public void Random_bytes_never_throw_over_read_or_allocate(int seed)
    {
        using var pages = new GuardedPages(MostBytes);
        using IFrameFeed feed = _framing.Open();
        feed.Sink.Keeps = false;
        byte[] stream = new byte[MostBytes];
        var payloads = Enumerable.Range(0, 4).Select(i => _framing.Payload(ValidLength(i), i));
        byte[] valid = [.. payloads.SelectMany(feed.Send)];

        // The first time compiles the code and fills the pools.
        Feed(feed, pages, stream, valid, new Random(seed));
        long allocated = LeastAllocated(() => Feed(feed, pages, stream, valid, new Random(seed)));
        Assert.That(allocated, Is.EqualTo(LeastAllocated(() => _ = new Random(seed))));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        for (int next = seed + 1_000; clock.Elapsed.TotalSeconds < TextFuzz.Seconds / 4; next++)
        {
            try
            {
                Feed(feed, pages, stream, valid, new Random(next));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"with seed {next}: {failure.Message}", failure);
            }
        }

        Assert.That(feed.Sink.Count, Is.Positive, "no stream had a frame");
        Assert.That(feed.CarriesInUse, Is.Zero);
    }

    // The least of a few times: the runtime allocates on a thread on which it compiles a method anew.
    private static long LeastAllocated(Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private int ValidLength(int index) =>
        Math.Min(_framing.Most, _framing.Least + (index * 9));

    private static void Feed(
        IFrameFeed feed, GuardedPages pages, byte[] stream, ReadOnlySpan<byte> valid, Random random)
    {
        for (int i = 0; i < Streams; i++)
        {
            Span<byte> bytes = stream.AsSpan(0, random.Next(1, i % 10 == 0 ? MostBytes : 100));
            Fill(bytes, valid, random);
            while (!bytes.IsEmpty)
            {
                int length = random.Next(1, bytes.Length + 1);
                Span<byte> last = pages.Last(length);
                bytes[..length].CopyTo(last);
                feed.Receive(last);
                bytes = bytes[length..];
            }

            feed.Reset();
        }
    }

    // Half of the streams begin with frames, damaged here and there, so that the parsers get somewhere.
    private static void Fill(Span<byte> bytes, ReadOnlySpan<byte> valid, Random random)
    {
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            return;
        }

        int length = Math.Min(valid.Length, bytes.Length);
        valid[..length].CopyTo(bytes);
        for (int i = random.Next(3); i > 0; i--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }
    }
}
