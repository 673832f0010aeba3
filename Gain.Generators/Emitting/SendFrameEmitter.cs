using System;
using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits <c>SendFrame</c>, which writes what the emitted parser reads.</summary>
internal static class SendFrameEmitter
{
    /// <summary>The name of the emitted method.</summary>
    public const string MethodName = "SendFrame";

    public static void Write(SourceWriter writer, FramingModel framing)
    {
        writer.Line("/// <summary>Sends one frame: copies it, as <c>Connection.Send</c> does.</summary>");
        writer.Line("/// <param name=\"connection\">Where it goes.</param>");
        writer.Line("/// <param name=\"payload\">What the peer's frame holds.</param>");
        writer.Lines("""
            /// <exception cref="global::System.ArgumentException">No frame can hold the payload.</exception>
            """);
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Lines($"""
            internal static void {MethodName}(
                global::Gain.Connection connection,
                {Names.ByteSpan} payload)
            """);
        writer.Open();
        WriteBody(writer, framing);
        writer.Close();
    }

    private static void WriteBody(SourceWriter writer, FramingModel framing)
    {
        switch (framing)
        {
            case DelimitedModel delimited:
                WriteDelimited(writer, delimited);
                break;

            case LengthPrefixedModel prefixed:
                WriteLengthPrefixed(writer, prefixed);
                break;

            case FixedSizeModel fixedSize:
                string size = FrameEmitter.Decimal(fixedSize.Size);
                WriteThrowIf(
                    writer, $"payload.Length != {size}", $"ThrowWrongSize(payload.Length, {size})");
                writer.Line("connection.Send(payload);");
                break;

            case VarintPrefixedModel varint:
                WriteLimits(writer, 0, int.MaxValue, varint.MaxFrameLength);
                writer.Line($"{Names.Framing}.SendVarint(connection, payload.Length);");
                writer.Line("connection.Send(payload);");
                break;

            default:
                throw new InvalidOperationException($"No writer for {framing.GetType().Name}.");
        }
    }

    private static void WriteDelimited(SourceWriter writer, DelimitedModel delimited)
    {
        string length = FrameEmitter.Decimal(delimited.Delimiter.Count);
        writer.Line($"{Names.ByteSpan} delimiter = {DelimitedEmitter.LiteralOf(delimited)};");
        WriteLimits(writer, 0, int.MaxValue, delimited.MaxFrameLength);
        writer.Line("// Else a payload that somebody else chose could forge frames.");
        WriteThrowIf(
            writer,
            $"{Names.MemoryExtensions}.IndexOf(payload, delimiter) >= 0\n"
            + $"    || {Names.Framing}.EndAcross(payload, delimiter, delimiter) != {length}",
            "ThrowHoldsDelimiter()");
        writer.Lines("""
            connection.Send(payload);
            connection.Send(delimiter);
            """);
    }

    private static void WriteLengthPrefixed(SourceWriter writer, LengthPrefixedModel framing)
    {
        WriteLimits(writer, framing.LeastPayload, framing.MostPayload, framing.MaxFrameLength);
        if (framing.Offset > 0)
        {
            // What the parser skips has no meaning here, and goes out as zeros.
            string zeros = string.Concat(Enumerable.Repeat(@"\0", framing.Offset));
            writer.Line($"connection.Send(\"{zeros}\"u8);");
        }

        string order = framing.BigEndian ? "BigEndian" : "LittleEndian";
        string field = framing.PayloadAdjustment switch
        {
            0 => "payload.Length",
            < 0 => $"payload.Length + {FrameEmitter.Decimal(-(long)framing.PayloadAdjustment)}L",
            _ => $"payload.Length - {FrameEmitter.Decimal(framing.PayloadAdjustment)}",
        };
        string size = FrameEmitter.Decimal(framing.Size);
        writer.Line($"{Names.Framing}.Send{order}(connection, {field}, {size});");
        writer.Line("connection.Send(payload);");
    }

    private static void WriteLimits(SourceWriter writer, int least, int most, int maxFrameLength)
    {
        string max = FrameEmitter.Decimal(maxFrameLength);
        string lowest = FrameEmitter.Decimal(least);
        string highest = FrameEmitter.Decimal(most);
        string tooShort = least > 0 ? $"payload.Length < {lowest} || " : "";
        WriteThrowIf(
            writer,
            $"{tooShort}payload.Length > {FrameEmitter.Decimal(Math.Min(most, maxFrameLength))}",
            $"ThrowUnsendable(payload.Length, {lowest}, {highest}, {max})");
    }

    private static void WriteThrowIf(SourceWriter writer, string condition, string call)
    {
        writer.Lines($"if ({condition})");
        writer.Open();
        writer.Line($"{Names.Framing}.{call};");
        writer.Close();
        writer.Line();
    }
}
