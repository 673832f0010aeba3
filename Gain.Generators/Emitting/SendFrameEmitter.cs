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
        WriteDocumentation(writer);
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Lines($"""
            internal static void {MethodName}(
                global::Gain.Connection connection,
                {Names.ByteSpan} payload)
            """);
        writer.Open();
        WriteBody(writer, framing);
        writer.Close();
        if (framing is LengthPrefixedModel { Offset: > 0 } prefixed)
        {
            writer.Line();
            WriteWithHeader(writer, prefixed);
        }
    }

    /// <summary>What is thrown under a condition.</summary>
    public static void WriteThrowIf(SourceWriter writer, string condition, string call)
    {
        writer.Open($"if ({condition})");
        writer.Lines($"{Names.Framing}.{call};");
        writer.Close();
        writer.Line();
    }

    /// <summary>The condition that the framing cannot hold a length.</summary>
    public static string OutOfLimits(string length, int least, int most)
    {
        string tooShort = least > 0 ? $"{length} < {FrameEmitter.Decimal(least)} || " : "";
        return $"{tooShort}{length} > {FrameEmitter.Decimal(most)}";
    }

    /// <summary>The order of the length field's bytes.</summary>
    public static string OrderOf(LengthPrefixedModel framing) =>
        framing.BigEndian ? "BigEndian" : "LittleEndian";

    /// <summary>The length field's value for a payload of some length.</summary>
    public static string FieldOf(LengthPrefixedModel framing, string length) =>
        framing.PayloadAdjustment switch
        {
            0 => length,
            < 0 => $"{length} + {FrameEmitter.Decimal(-(long)framing.PayloadAdjustment)}L",
            _ => $"{length} - {FrameEmitter.Decimal(framing.PayloadAdjustment)}",
        };

    private static void WriteDocumentation(SourceWriter writer, string header = "")
    {
        writer.Line("/// <summary>Sends one frame: copies it, as <c>Connection.Send</c> does.</summary>");
        writer.Line("/// <param name=\"connection\">Where it goes.</param>");
        if (header.Length > 0)
        {
            writer.Line($"/// <param name=\"header\">{header}</param>");
        }

        writer.Line("/// <param name=\"payload\">What the peer's frame holds.</param>");
        writer.Lines("""
            /// <exception cref="global::System.ArgumentException">No frame can hold the payload.</exception>
            """);
    }

    // The bytes in front of the length have a meaning for the user, who gives them.
    private static void WriteWithHeader(SourceWriter writer, LengthPrefixedModel framing)
    {
        string offset = FrameEmitter.Decimal(framing.Offset);
        WriteDocumentation(writer, $"The {offset} bytes in front of the length.");
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Lines($"""
            internal static void {MethodName}(
                global::Gain.Connection connection,
                {Names.ByteSpan} header,
                {Names.ByteSpan} payload)
            """);
        writer.Open();
        WriteThrowIf(writer, $"header.Length != {offset}", $"ThrowWrongHeader(header.Length, {offset})");
        WriteLengthPrefixed(writer, framing, "header");
        writer.Close();
    }

    private static void WriteBody(SourceWriter writer, FramingModel framing)
    {
        switch (framing)
        {
            case InvalidFramingModel:
                writer.Line($"{Names.Framing}.ThrowInvalid();");
                break;

            case DelimitedModel delimited:
                WriteDelimited(writer, delimited);
                break;

            case LengthPrefixedModel prefixed:
                // What the user gives no bytes for goes out as zeros.
                string zeros = string.Concat(Enumerable.Repeat(@"\0", prefixed.Offset));
                WriteLengthPrefixed(writer, prefixed, zeros.Length > 0 ? $"\"{zeros}\"u8" : null);
                break;

            case FixedSizeModel fixedSize:
                string size = FrameEmitter.Decimal(fixedSize.Size);
                WriteThrowIf(
                    writer, $"payload.Length != {size}", $"ThrowWrongSize(payload.Length, {size})");
                writer.Line("connection.Send(payload);");
                break;

            case VarintPrefixedModel varint:
                WriteLimits(writer, 0, int.MaxValue, varint.MaxFrameLength);
                WriteReturnIfNoRoom(writer, FrameWriterEmitter.MaxVarintLength);
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
        WriteReturnIfNoRoom(writer, delimited.Delimiter.Count);
        writer.Lines("""
            connection.Send(payload);
            connection.Send(delimiter);
            """);
    }

    private static void WriteLengthPrefixed(
        SourceWriter writer, LengthPrefixedModel framing, string? header)
    {
        WriteLimits(writer, framing.LeastPayload, framing.MostPayload, framing.MaxFrameLength);
        WriteReturnIfNoRoom(writer, framing.HeaderLength);
        if (header is not null)
        {
            writer.Line($"connection.Send({header});");
        }

        string field = FieldOf(framing, "payload.Length");
        string size = FrameEmitter.Decimal(framing.Size);
        writer.Line($"{Names.Framing}.Send{OrderOf(framing)}(connection, {field}, {size});");
        writer.Line("connection.Send(payload);");
    }

    // All parts of a frame are queued, or none.
    private static void WriteReturnIfNoRoom(SourceWriter writer, int overhead)
    {
        string whole = $"payload.Length + {FrameEmitter.Decimal(overhead)}";
        writer.Open($"if (!{Names.Framing}.HasRoom(connection, {whole}))");
        writer.Line("return;");
        writer.Close();
        writer.Line();
    }

    private static void WriteLimits(SourceWriter writer, int least, int most, int maxFrameLength)
    {
        string max = FrameEmitter.Decimal(maxFrameLength);
        string lowest = FrameEmitter.Decimal(least);
        string highest = FrameEmitter.Decimal(most);
        WriteThrowIf(
            writer,
            OutOfLimits("payload.Length", least, Math.Min(most, maxFrameLength)),
            $"ThrowUnsendable(payload.Length, {lowest}, {highest}, {max})");
    }
}
