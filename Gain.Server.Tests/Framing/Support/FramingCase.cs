using Gain.CompilerServices;
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
    /// <summary>Those of every attribute, and two that the test's own parsers declare.</summary>
    public static IEnumerable<FramingCase> All =>
    [
        .. Declared,
        new(
            nameof(Netstring),
            () => Feed(sink => new Netstring(sink), FrameWriters.Only(Netstring.Send)),
            ReferenceSplitter.Netstring(60),
            0,
            56),
        new(
            nameof(Counted),
            () => Feed(sink => new Counted(sink), FrameWriters.Only(Counted.Send)),
            ReferenceSplitter.Counted(700),
            0,
            696),
    ];

    /// <summary>Those whose writers are emitted too.</summary>
    public static IEnumerable<FramingCase> Declared =>
    [
        new(
            nameof(OneByte),
            () => Feed(
                sink => new OneByte(sink),
                new(OneByte.SendFrame, OneByte.BeginFrame,
                    OneByte.EndFrame, OneByte.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(1, true, 0, 0, 1_000),
            0,
            255),
        new(
            nameof(TwoBytes),
            () => Feed(
                sink => new TwoBytes(sink),
                new(TwoBytes.SendFrame, TwoBytes.BeginFrame,
                    TwoBytes.EndFrame, TwoBytes.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(2, false, 0, 0, 300),
            0,
            300),
        new(
            nameof(ThreeBytes),
            () => Feed(
                sink => new ThreeBytes(sink),
                new(ThreeBytes.SendFrame, ThreeBytes.BeginFrame,
                    ThreeBytes.EndFrame, ThreeBytes.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(3, true, 1, 0, 300),
            0,
            300),
        new(
            nameof(ThreeLittle),
            () => Feed(
                sink => new ThreeLittle(sink),
                new(ThreeLittle.SendFrame, ThreeLittle.BeginFrame,
                    ThreeLittle.EndFrame, ThreeLittle.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(3, false, 0, -3, 9),
            0,
            9),
        new(
            nameof(Int),
            () => Feed(
                sink => new Int(sink),
                new(Int.SendFrame, Int.BeginFrame,
                    Int.EndFrame, Int.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(4, true, 0, 0, 300),
            0,
            300),
        new(
            nameof(IntAdjusted),
            () => Feed(
                sink => new IntAdjusted(sink),
                new(IntAdjusted.SendFrame, IntAdjusted.BeginFrame,
                    IntAdjusted.EndFrame, IntAdjusted.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(4, false, 2, 5, 90),
            5,
            90),
        new(
            nameof(Typed),
            () => Feed(
                sink => new Typed(sink),
                new(Typed.SendFrame, Typed.BeginFrame,
                    Typed.EndFrame, Typed.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(2, true, 3, 1, 70, strip: false),
            1,
            70),
        new(
            nameof(Long),
            () => Feed(
                sink => new Long(sink),
                new(Long.SendFrame, Long.BeginFrame,
                    Long.EndFrame, Long.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(8, true, 0, -9, 70),
            0,
            70),
        new(
            nameof(LongAdjusted),
            () => Feed(
                sink => new LongAdjusted(sink),
                new(LongAdjusted.SendFrame, LongAdjusted.BeginFrame,
                    LongAdjusted.EndFrame, LongAdjusted.CancelFrame)),
            ReferenceSplitter.LengthPrefixed(8, false, 0, 3, 70),
            3,
            70),
        new(
            nameof(EachByte),
            () => Feed(
                sink => new EachByte(sink),
                new(EachByte.SendFrame, EachByte.BeginFrame,
                    EachByte.EndFrame, EachByte.CancelFrame)),
            ReferenceSplitter.FixedSize(1),
            1,
            1),
        new(
            nameof(Seven),
            () => Feed(
                sink => new Seven(sink),
                new(Seven.SendFrame, Seven.BeginFrame,
                    Seven.EndFrame, Seven.CancelFrame)),
            ReferenceSplitter.FixedSize(7),
            7,
            7),
        new(
            nameof(Varint),
            () => Feed(
                sink => new Varint(sink),
                new(Varint.SendFrame, Varint.BeginFrame,
                    Varint.EndFrame, Varint.CancelFrame)),
            ReferenceSplitter.Varint(300),
            0,
            300),
        new(
            nameof(Line),
            () => Feed(
                sink => new Line(sink),
                new(Line.SendFrame, Line.BeginFrame,
                    Line.EndFrame, Line.CancelFrame)),
            ReferenceSplitter.Delimited("\r\n"u8.ToArray(), 40),
            0,
            40, "\rx"),
        new(
            nameof(Overlapping),
            () => Feed(
                sink => new Overlapping(sink),
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
        Func<FrameSink, TProtocol> create, FrameWriters writers)
        where TProtocol : struct, IProtocol<TProtocol> => new(create, writers);

    public override string ToString() => Name;
}
