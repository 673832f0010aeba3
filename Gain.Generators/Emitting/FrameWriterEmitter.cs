using System;
using System.Collections.Immutable;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>
/// Emits <c>BeginFrame</c>, <c>EndFrame</c> and <c>CancelFrame</c>, for payloads whose length is not known
/// when they begin.
/// </summary>
internal static class FrameWriterEmitter
{
    /// <summary>The names of the emitted methods.</summary>
    public static readonly ImmutableArray<string> MethodNames = ["BeginFrame", "EndFrame", "CancelFrame"];

    /// <summary>The bytes reserved for a length in base 128.</summary>
    public const int MaxVarintLength = 5;

    private const string AlreadyOpen =
        "/// <exception cref=\"global::System.InvalidOperationException\">A frame is open.</exception>";

    public static void Write(SourceWriter writer, FramingModel framing)
    {
        WriteBegin(writer, framing);
        writer.Line();
        WriteEnd(writer, framing);
        writer.Line();
        writer.Lines("""
            /// <summary>Drops the frame that <c>BeginFrame</c> began, with what was written since.</summary>
            /// <param name="connection">Where it would have gone.</param>
            /// <exception cref="global::System.InvalidOperationException">No frame is open.</exception>
            """);
        WriteMethod(writer, "CancelFrame(global::Gain.Connection connection)");
        writer.Line($"{Names.Framing}.CancelFrame(connection);");
        writer.Close();
    }

    private static void WriteBegin(SourceWriter writer, FramingModel framing)
    {
        int header = framing switch
        {
            LengthPrefixedModel prefixed => prefixed.HeaderLength,
            VarintPrefixedModel => MaxVarintLength,
            _ => 0,
        };
        string length = FrameEmitter.Decimal(header);
        WriteBeginDocumentation(writer);
        writer.Line(AlreadyOpen);
        WriteMethod(writer, "BeginFrame(global::Gain.Connection connection)");
        writer.Line(framing is InvalidFramingModel
            ? $"{Names.Framing}.ThrowInvalid();"
            : $"{Names.Framing}.BeginFrame(connection, {length});");
        writer.Close();
        if (framing is LengthPrefixedModel { Offset: > 0 } withOffset)
        {
            writer.Line();
            WriteBeginDocumentation(writer);
            WriteBeginWithHeader(writer, FrameEmitter.Decimal(withOffset.Offset), length);
        }
    }

    private static void WriteBeginDocumentation(SourceWriter writer) => writer.Lines("""
        /// <summary>
        /// Begins a frame: what is written to the connection until <c>EndFrame</c>, in the same callback, is
        /// its payload. Nothing of it is sent before.
        /// </summary>
        /// <param name="connection">Where it goes.</param>
        """);

    private static void WriteBeginWithHeader(SourceWriter writer, string offset, string length)
    {
        writer.Lines($"""
            /// <param name="header">The {offset} bytes in front of the length.</param>
            /// <exception cref="global::System.ArgumentException">The header has another length.</exception>
            """);
        writer.Line(AlreadyOpen);
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Lines($"""
            internal static void BeginFrame(
                global::Gain.Connection connection,
                {Names.ByteSpan} header)
            """);
        writer.Open();
        SendFrameEmitter.WriteThrowIf(
            writer, $"header.Length != {offset}", $"ThrowWrongHeader(header.Length, {offset})");
        writer.Line($"{Names.Framing}.BeginFrame(connection, header, {length});");
        writer.Close();
    }

    private static void WriteEnd(SourceWriter writer, FramingModel framing)
    {
        writer.Lines("""
            /// <summary>Ends the frame that <c>BeginFrame</c> began.</summary>
            /// <param name="connection">Where it goes.</param>
            /// <exception cref="global::System.InvalidOperationException">
            /// No frame can hold what was written, and it was dropped; or no frame is open.
            /// </exception>
            """);
        WriteMethod(writer, "EndFrame(global::Gain.Connection connection)");
        if (framing is InvalidFramingModel)
        {
            writer.Line($"{Names.Framing}.ThrowInvalid();");
        }
        else
        {
            WriteEndBody(writer, framing);
        }

        writer.Close();
    }

    private static void WriteEndBody(SourceWriter writer, FramingModel framing)
    {
        writer.Open($"if (!{Names.Framing}.TryEndFrame(connection, out int length))");
        writer.Lines("""
            // It was dropped whole: the connection is closing, or there was no room for all of it.
            return;
            """);
        writer.Close();
        writer.Line();
        switch (framing)
        {
            case DelimitedModel delimited:
                WriteLimits(writer, 0, int.MaxValue, delimited.MaxFrameLength);
                writer.Line(
                    $"{Names.Framing}.EndFrame(connection, {DelimitedEmitter.LiteralOf(delimited)});");
                break;

            case LengthPrefixedModel prefixed:
                WriteLimits(writer, prefixed.LeastPayload, prefixed.MostPayload, prefixed.MaxFrameLength);
                string field = SendFrameEmitter.FieldOf(prefixed, "length");
                string place =
                    $"{FrameEmitter.Decimal(prefixed.Size)}, {FrameEmitter.Decimal(prefixed.Offset)}";
                string order = SendFrameEmitter.OrderOf(prefixed);
                writer.Line($"{Names.Framing}.End{order}(connection, {field}, {place});");
                break;

            case FixedSizeModel fixedSize:
                WriteLimits(writer, fixedSize.Size, fixedSize.Size, fixedSize.Size);
                writer.Line($"{Names.Framing}.EndFrame(connection);");
                break;

            case VarintPrefixedModel varint:
                WriteLimits(writer, 0, int.MaxValue, varint.MaxFrameLength);
                writer.Line($"{Names.Framing}.EndVarint(connection, length);");
                break;

            default:
                throw new InvalidOperationException($"No writer for {framing.GetType().Name}.");
        }
    }

    private static void WriteLimits(SourceWriter writer, int least, int most, int maxFrameLength)
    {
        string lowest = FrameEmitter.Decimal(least);
        string highest = FrameEmitter.Decimal(most);
        SendFrameEmitter.WriteThrowIf(
            writer,
            SendFrameEmitter.OutOfLimits("length", least, Math.Min(most, maxFrameLength)),
            $"DropUnsendable(\n    connection, length, {lowest}, {highest}, "
            + $"{FrameEmitter.Decimal(maxFrameLength)})");
    }

    private static void WriteMethod(SourceWriter writer, string signature)
    {
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Open($"internal static void {signature}");
    }
}
