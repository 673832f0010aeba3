using static Gain.Tests.Server.CollectingProtocols;

namespace Gain.Tests.Server;

/// <summary>A framing: what is emitted for it, and what it means.</summary>
/// <param name="Name">What the test is called by.</param>
/// <param name="Open">A connection of a protocol that declares it.</param>
/// <param name="Reference">What a stream means, told without the generator.</param>
/// <param name="Least">The shortest payload.</param>
/// <param name="Most">The longest one.</param>
/// <param name="Alphabet">The bytes of payloads; all when empty.</param>
internal sealed record FramingCase(
    string Name,
    Func<IFrameFeed> Open,
    ReferenceSplitter Reference,
    int Least,
    int Most,
    string Alphabet = "")
{
    public static IEnumerable<FramingCase> All =>
    [
        new(
            nameof(OneByte),
            () => new FrameFeed<OneByte>(frames => new OneByte(frames), OneByte.SendFrame),
            ReferenceSplitter.LengthPrefixed(1, true, 0, 0, 1_000),
            0,
            255),
        new(
            nameof(TwoBytes),
            () => new FrameFeed<TwoBytes>(frames => new TwoBytes(frames), TwoBytes.SendFrame),
            ReferenceSplitter.LengthPrefixed(2, false, 0, 0, 300),
            0,
            300),
        new(
            nameof(ThreeBytes),
            () => new FrameFeed<ThreeBytes>(frames => new ThreeBytes(frames), ThreeBytes.SendFrame),
            ReferenceSplitter.LengthPrefixed(3, true, 1, 0, 300),
            0,
            300),
        new(
            nameof(ThreeLittle),
            () => new FrameFeed<ThreeLittle>(frames => new ThreeLittle(frames), ThreeLittle.SendFrame),
            ReferenceSplitter.LengthPrefixed(3, false, 0, -3, 9),
            0,
            9),
        new(
            nameof(Int),
            () => new FrameFeed<Int>(frames => new Int(frames), Int.SendFrame),
            ReferenceSplitter.LengthPrefixed(4, true, 0, 0, 300),
            0,
            300),
        new(
            nameof(IntAdjusted),
            () => new FrameFeed<IntAdjusted>(frames => new IntAdjusted(frames), IntAdjusted.SendFrame),
            ReferenceSplitter.LengthPrefixed(4, false, 2, 5, 90),
            5,
            90),
        new(
            nameof(Long),
            () => new FrameFeed<Long>(frames => new Long(frames), Long.SendFrame),
            ReferenceSplitter.LengthPrefixed(8, true, 0, -9, 70),
            0,
            70),
        new(
            nameof(LongAdjusted),
            () => new FrameFeed<LongAdjusted>(frames => new LongAdjusted(frames), LongAdjusted.SendFrame),
            ReferenceSplitter.LengthPrefixed(8, false, 0, 3, 70),
            3,
            70),
        new(
            nameof(EachByte),
            () => new FrameFeed<EachByte>(frames => new EachByte(frames), EachByte.SendFrame),
            ReferenceSplitter.FixedSize(1),
            1,
            1),
        new(
            nameof(Seven),
            () => new FrameFeed<Seven>(frames => new Seven(frames), Seven.SendFrame),
            ReferenceSplitter.FixedSize(7),
            7,
            7),
        new(
            nameof(Varint),
            () => new FrameFeed<Varint>(frames => new Varint(frames), Varint.SendFrame),
            ReferenceSplitter.Varint(300),
            0,
            300),
        new(
            nameof(Line),
            () => new FrameFeed<Line>(frames => new Line(frames), Line.SendFrame),
            ReferenceSplitter.Delimited("\r\n"u8.ToArray(), 40),
            0,
            40, "\rx"),
        new(
            nameof(Overlapping),
            () => new FrameFeed<Overlapping>(frames => new Overlapping(frames), Overlapping.SendFrame),
            ReferenceSplitter.Delimited("aab"u8.ToArray(), 40),
            0,
            40, "ax"),
    ];

    /// <summary>A payload of a length, of the bytes that payloads may have.</summary>
    public byte[] Payload(int length, int seed)
    {
        byte[] payload = Clients.Pattern(length, seed);
        return Alphabet.Length == 0
            ? payload
            : [.. payload.Select(value => (byte)Alphabet[value % Alphabet.Length])];
    }

    public override string ToString() => Name;
}
