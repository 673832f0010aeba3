using Gain.Workers;
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
            () => Feed(
                frames => new OneByte(frames),
                new(OneByte.SendFrame, OneByte.BeginFrame,
                    OneByte.EndFrame, OneByte.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(1, true, 0, 0, 1_000),
            0,
            255),
        new(
            nameof(TwoBytes),
            () => Feed(
                frames => new TwoBytes(frames),
                new(TwoBytes.SendFrame, TwoBytes.BeginFrame,
                    TwoBytes.EndFrame, TwoBytes.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(2, false, 0, 0, 300),
            0,
            300),
        new(
            nameof(ThreeBytes),
            () => Feed(
                frames => new ThreeBytes(frames),
                new(ThreeBytes.SendFrame, ThreeBytes.BeginFrame,
                    ThreeBytes.EndFrame, ThreeBytes.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(3, true, 1, 0, 300),
            0,
            300),
        new(
            nameof(ThreeLittle),
            () => Feed(
                frames => new ThreeLittle(frames),
                new(ThreeLittle.SendFrame, ThreeLittle.BeginFrame,
                    ThreeLittle.EndFrame, ThreeLittle.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(3, false, 0, -3, 9),
            0,
            9),
        new(
            nameof(Int),
            () => Feed(
                frames => new Int(frames),
                new(Int.SendFrame, Int.BeginFrame,
                    Int.EndFrame, Int.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(4, true, 0, 0, 300),
            0,
            300),
        new(
            nameof(IntAdjusted),
            () => Feed(
                frames => new IntAdjusted(frames),
                new(IntAdjusted.SendFrame, IntAdjusted.BeginFrame,
                    IntAdjusted.EndFrame, IntAdjusted.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(4, false, 2, 5, 90),
            5,
            90),
        new(
            nameof(Typed),
            () => Feed(
                frames => new Typed(frames),
                new(Typed.SendFrame, Typed.BeginFrame,
                    Typed.EndFrame, Typed.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(2, true, 3, 1, 70, strip: false),
            1,
            70),
        new(
            nameof(Long),
            () => Feed(
                frames => new Long(frames),
                new(Long.SendFrame, Long.BeginFrame,
                    Long.EndFrame, Long.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(8, true, 0, -9, 70),
            0,
            70),
        new(
            nameof(LongAdjusted),
            () => Feed(
                frames => new LongAdjusted(frames),
                new(LongAdjusted.SendFrame, LongAdjusted.BeginFrame,
                    LongAdjusted.EndFrame, LongAdjusted.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(8, false, 0, 3, 70),
            3,
            70),
        new(
            nameof(EachByte),
            () => Feed(
                frames => new EachByte(frames),
                new(EachByte.SendFrame, EachByte.BeginFrame,
                    EachByte.EndFrame, EachByte.CancelFrame)),
            ReferenceSplitter.FixedSize(1),
            1,
            1),
        new(
            nameof(Seven),
            () => Feed(
                frames => new Seven(frames),
                new(Seven.SendFrame, Seven.BeginFrame,
                    Seven.EndFrame, Seven.CancelFrame)),
            ReferenceSplitter.FixedSize(7),
            7,
            7),
        new(
            nameof(Varint),
            () => Feed(
                frames => new Varint(frames),
                new(Varint.SendFrame, Varint.BeginFrame,
                    Varint.EndFrame, Varint.CancelFrame)),
            ReferenceSplitter.Varint(300),
            0,
            300),
        new(
            nameof(Line),
            () => Feed(
                frames => new Line(frames),
                new(Line.SendFrame, Line.BeginFrame,
                    Line.EndFrame, Line.CancelFrame)),
            ReferenceSplitter.Delimited("\r\n"u8.ToArray(), 40),
            0,
            40, "\rx"),
        new(
            nameof(Overlapping),
            () => Feed(
                frames => new Overlapping(frames),
                new(Overlapping.SendFrame, Overlapping.BeginFrame,
                    Overlapping.EndFrame, Overlapping.CancelFrame)),
            ReferenceSplitter.Delimited("aab"u8.ToArray(), 40),
            0,
            40, "ax"),
    ];

    public static FramingCase Of(string name) => All.Single(framing => framing.Name == name);

    /// <summary>What OnFrame gets for a frame.</summary>
    public byte[] FrameIn(byte[] encoded) => Reference.Split(encoded).Frames.Single();

    /// <summary>A payload of a length, of the bytes that payloads may have.</summary>
    public byte[] Payload(int length, int seed)
    {
        byte[] payload = Clients.Pattern(length, seed);
        return Alphabet.Length == 0
            ? payload
            : [.. payload.Select(value => (byte)Alphabet[value % Alphabet.Length])];
    }

    private static FrameFeed<TProtocol> Feed<TProtocol>(
        Func<List<byte[]>, TProtocol> create, FrameWriters writers)
        where TProtocol : struct, IProtocol<TProtocol> => new(create, writers);

    public override string ToString() => Name;
}
