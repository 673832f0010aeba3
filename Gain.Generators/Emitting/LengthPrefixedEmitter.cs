using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the <c>Read</c> that parses frames that begin with their length.</summary>
/// <remarks>
/// A length is judged as soon as its header is there. Only a field of 8 bytes can overflow when it is
/// adjusted: it becomes negative then, and is rejected as such.
/// </remarks>
internal static class LengthPrefixedEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, LengthPrefixedModel framing)
    {
        CallbackModel onFrame = protocol.Find(CallbackKind.Frame)!;
        writer.Line($"// OnFrame, for each payload behind a length of {LengthOf(framing)}.");
        FrameEmitter.OpenParser(writer, protocol);
        WriteConstants(writer, framing);
        writer.Line();
        WriteCarried(writer, framing, onFrame);
        writer.Line();
        WriteLoop(writer, framing, onFrame);
        writer.Close();
    }

    private static void WriteConstants(SourceWriter writer, LengthPrefixedModel framing)
    {
        writer.Lines($"""
            const int MaxFrameLength = {FrameEmitter.Decimal(framing.MaxFrameLength)};
            const int HeaderLength = {FrameEmitter.Decimal(framing.HeaderLength)};
            """);
        if (framing.PayloadAdjustment != 0)
        {
            writer.Line($"const int Adjustment = {FrameEmitter.Decimal(framing.PayloadAdjustment)};");
        }

        writer.Line("int consumed = 0;");
    }

    private static void WriteCarried(
        SourceWriter writer, LengthPrefixedModel framing, CallbackModel onFrame)
    {
        FrameEmitter.OpenCarried(writer);

        // A header of one byte is never carried in part.
        if (framing.HeaderLength > 1)
        {
            writer.Open("if (carried.Length < HeaderLength)");
            writer.Open("if (HeaderLength - carried.Length > data.Length)");
            writer.Line("return 0;");
            writer.Close();
            writer.Line();
            writer.Lines($"""
                consumed = HeaderLength - carried.Length;
                carried = {Names.Framing}.Join(connection, data.Slice(0, consumed));
                """);
            writer.Close();
            writer.Line();
        }

        WriteLength(writer, framing, "carried");
        writer.Line($"int missing = HeaderLength + {AsInt(framing)} - carried.Length;");
        FrameEmitter.CloseCarried(writer, onFrame, framing.Strip ? ".Slice(HeaderLength)" : "");
    }

    private static void WriteLoop(SourceWriter writer, LengthPrefixedModel framing, CallbackModel onFrame)
    {
        FrameEmitter.OpenLoop(writer);
        FrameEmitter.WriteCarryIf(writer, "rest.Length < HeaderLength");
        WriteLength(writer, framing, "rest");
        FrameEmitter.WriteCarryIf(writer, "length > rest.Length - HeaderLength");
        string whole = $"HeaderLength + {AsInt(framing)}";
        string slice = framing.Strip ? $"HeaderLength, {AsInt(framing)}" : $"0, {whole}";
        FrameEmitter.CloseLoop(writer, onFrame, slice, whole);
    }

    private static void WriteLength(SourceWriter writer, LengthPrefixedModel framing, string source)
    {
        string type = IsLong(framing) ? "long" : "int";
        bool isAdjusted = framing.PayloadAdjustment != 0;
        writer.Line($"{type} {(isAdjusted ? "field" : "length")} = {FieldIn(framing, source)};");
        if (isAdjusted)
        {
            writer.Line($"{type} length = unchecked(field + Adjustment);");
        }

        if (framing.IsSigned)
        {
            string condition = isAdjusted ? "field < 0 || length < 0" : "length < 0";
            FrameEmitter.WriteRejectIf(writer, condition, "MalformedLength");
        }
        else if (framing.PayloadAdjustment < 0)
        {
            FrameEmitter.WriteRejectIf(writer, "length < 0", "MalformedLength");
        }

        FrameEmitter.WriteRejectIf(writer, "length > MaxFrameLength", "FrameTooLong");
    }

    private static string FieldIn(LengthPrefixedModel framing, string source)
    {
        string order = framing.BigEndian ? "BigEndian" : "LittleEndian";
        string at = framing.Offset == 0 ? source : $"{source}.Slice({FrameEmitter.Decimal(framing.Offset)})";
        return framing.Size switch
        {
            1 => ByteAt(0),
            2 => $"{Names.BinaryPrimitives}.ReadUInt16{order}({at})",
            3 when framing.BigEndian => $"({ByteAt(0)} << 16) | ({ByteAt(1)} << 8) | {ByteAt(2)}",
            3 => $"{ByteAt(0)} | ({ByteAt(1)} << 8) | ({ByteAt(2)} << 16)",
            4 => $"{Names.BinaryPrimitives}.ReadInt32{order}({at})",
            _ => $"{Names.BinaryPrimitives}.ReadInt64{order}({at})",
        };

        string ByteAt(int index) => $"{source}[{FrameEmitter.Decimal(framing.Offset + index)}]";
    }

    // The sum of a 4-byte field and an adjustment is told from an overflow by more bits.
    private static bool IsLong(LengthPrefixedModel framing) =>
        framing.Size == 8 || (framing.Size == 4 && framing.PayloadAdjustment != 0);

    private static string AsInt(LengthPrefixedModel framing) => IsLong(framing) ? "(int)length" : "length";

    private static string LengthOf(LengthPrefixedModel framing) => framing.Size switch
    {
        1 => "1 byte",
        _ => $"{FrameEmitter.Decimal(framing.Size)} bytes, {(framing.BigEndian ? "big" : "little")} endian",
    };
}
