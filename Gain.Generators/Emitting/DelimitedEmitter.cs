using System.Globalization;
using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the <c>Read</c> that parses delimited messages.</summary>
/// <remarks>
/// Messages are parsed where they were received; only one that straddles two receives is copied. No
/// comparison can overflow: the limit is below 2³⁰, and lengths are subtracted from it, never added.
/// </remarks>
internal static class DelimitedEmitter
{
    private const string Rejection =
        $"{Names.Framing}.Reject(\n" +
        $"        connection, {Names.ProtocolErrorKind}.FrameTooLong, MaxFrameLength)";

    public static void Write(SourceWriter writer, ProtocolModel protocol, DelimitedModel delimited)
    {
        CallbackModel onFrame = protocol.Find(CallbackKind.Frame)!;
        writer.Line($"// OnFrame, for each message that ends with {LiteralOf(delimited)}.");
        FrameEmitter.OpenParser(writer, protocol);
        WriteConstants(writer, delimited);
        writer.Line();
        WriteCarried(writer, delimited, onFrame);
        writer.Line();
        WriteLoop(writer, delimited, onFrame);
        writer.Close();
    }

    private static void WriteConstants(SourceWriter writer, DelimitedModel delimited) =>
        writer.Lines($"""
            const int MaxFrameLength = {FrameEmitter.Decimal(delimited.MaxFrameLength)};
            const int DelimiterLength = {FrameEmitter.Decimal(delimited.Delimiter.Count)};
            {Names.ByteSpan} delimiter = {LiteralOf(delimited)};
            int consumed = 0;
            """);

    private static void WriteCarried(SourceWriter writer, DelimitedModel delimited, CallbackModel onFrame)
    {
        writer.Line("// A message that began in an earlier receive: only its end is searched for.");
        writer.Line($"{Names.ByteSpan} carried = {Names.Framing}.Carried(connection);");
        writer.Open("if (!carried.IsEmpty)");
        writer.Line($"int end = {Names.Framing}.EndAcross(carried, data, delimiter);");
        writer.Open("if (end < 0)");
        writer.Lines($"""
            // The last bytes may be all but one of a delimiter's.
            return data.Length > MaxFrameLength + DelimiterLength - 1 - carried.Length
                ? {Rejection}
                : 0;
            """);
        writer.Close();
        writer.Line();
        WriteRejectIf(writer, "end > MaxFrameLength + DelimiterLength - carried.Length");
        if (FrameEmitter.TakesFrame(onFrame))
        {
            WriteJoin(writer, delimited.Strip);
        }

        writer.Lines($"""
            {MemberEmitter.CallOf(onFrame)};
            {Names.Framing}.Drop(connection);
            consumed = end;
            """);
        FrameEmitter.WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }

    private static void WriteJoin(SourceWriter writer, bool strip)
    {
        if (strip)
        {
            writer.Line("int length = carried.Length + end - DelimiterLength;");
        }

        writer.Lines($"""
            {Names.ByteSpan} frame =
                {Names.Framing}.Join(connection, data.Slice(0, end)){(strip ? ".Slice(0, length)" : "")};
            """);
    }

    private static void WriteLoop(SourceWriter writer, DelimitedModel delimited, CallbackModel onFrame)
    {
        bool isByte = delimited.Delimiter.Count == 1;
        string search = isByte ? $"(byte){Hex(delimited.Delimiter[0])}" : "delimiter";
        writer.Line("// Messages that lie in this receive.");
        writer.Open("while (true)");
        writer.Line($"{Names.ByteSpan} rest = data.Slice(consumed);");
        writer.Line($"int length = {Names.MemoryExtensions}.IndexOf(rest, {search});");
        writer.Open("if (length < 0)");
        writer.Lines($"""
            // The rest is the beginning of a message, and is carried over to the next receive.
            return rest.Length > MaxFrameLength + DelimiterLength - 1
                ? {Rejection}
                : consumed;
            """);
        writer.Close();
        writer.Line();
        WriteRejectIf(writer, "length > MaxFrameLength");
        if (FrameEmitter.TakesFrame(onFrame))
        {
            string length = delimited.Strip ? "length" : "length + DelimiterLength";
            writer.Line($"{Names.ByteSpan} frame = rest.Slice(0, {length});");
        }

        writer.Line($"{MemberEmitter.CallOf(onFrame)};");
        writer.Line("consumed += length + DelimiterLength;");
        FrameEmitter.WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }

    private static void WriteRejectIf(SourceWriter writer, string condition)
    {
        writer.Open($"if ({condition})");
        writer.Lines($"return {Rejection.Replace("\n    ", "\n")};");
        writer.Close();
        writer.Line();
    }

    /// <summary>The delimiter, as text where a reader can read it as text.</summary>
    public static string LiteralOf(DelimitedModel delimited) =>
        delimited.Delimiter.All(static value => Escape(value) is not null)
            ? $"\"{string.Concat(delimited.Delimiter.Select(Escape))}\"u8"
            : $"[{string.Join(", ", delimited.Delimiter.Select(Hex))}]";

    private static string? Escape(byte value) => (char)value switch
    {
        '\0' => @"\0",
        '\t' => @"\t",
        '\n' => @"\n",
        '\r' => @"\r",
        '"' => @"\""",
        '\\' => @"\\",
        >= ' ' and <= '~' => ((char)value).ToString(),
        _ => null,
    };

    private static string Hex(byte value) => "0x" + value.ToString("X2", CultureInfo.InvariantCulture);
}
