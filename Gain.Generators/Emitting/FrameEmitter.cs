using System.Globalization;
using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Writes what the parsers of all framings have in common.</summary>
internal static class FrameEmitter
{
    /// <summary>Opens the parser, which a session that does not wait for frames keeps shut.</summary>
    public static void OpenParser(SourceWriter writer, ProtocolModel protocol)
    {
        MemberEmitter.OpenAdapter(writer, protocol, "int", CallbackSpec.Of(CallbackKind.Read));
        if (protocol.Find(CallbackKind.Frame)!.IsOfSession)
        {
            writer.Open($"if (!{Names.SessionCalls}.AwaitsFrame(connection))");
            writer.Line("return 0;");
            writer.Close();
            writer.Line();
        }
    }

    /// <summary>Returns from the parser where the frame just handled was the last one for now.</summary>
    public static void WriteReturnIfHeldBack(SourceWriter writer, CallbackModel onFrame)
    {
        writer.Open(onFrame.IsOfSession
            ? $"if (!{Names.SessionCalls}.HandledOne(connection, data.Length - consumed))"
            : $"if (!{Names.Framing}.HandledOne(connection))");
        writer.Line("return consumed;");
        writer.Close();
    }

    /// <summary>Rejects what is being received under a condition.</summary>
    public static void WriteRejectIf(SourceWriter writer, string condition, string kind)
    {
        writer.Open($"if ({condition})");
        writer.Lines($"""
            return {Names.Framing}.Reject(
                connection, {Names.ProtocolErrorKind}.{kind}, MaxFrameLength);
            """);
        writer.Close();
        writer.Line();
    }

    /// <summary>Takes the beginning of a frame from an earlier receive.</summary>
    public static void OpenCarried(SourceWriter writer)
    {
        writer.Line("// A frame that began in an earlier receive: only what completes it is copied.");
        writer.Line($"{Names.ByteSpan} carried = {Names.Framing}.Carried(connection);");
        writer.Open("if (!carried.IsEmpty)");
    }

    /// <summary>Completes the carried frame, of which <c>missing</c> bytes are in <c>data</c>.</summary>
    public static void CloseCarried(SourceWriter writer, CallbackModel onFrame, string slice)
    {
        writer.Open("if (missing > data.Length - consumed)");
        writer.Line("return consumed;");
        writer.Close();
        writer.Line();
        if (TakesFrame(onFrame))
        {
            writer.Lines($"""
                {Names.ByteSpan} frame =
                    {Names.Framing}.Join(connection, data.Slice(consumed, missing)){slice};
                """);
        }

        writer.Lines($"""
            {MemberEmitter.CallOf(onFrame)};
            {Names.Framing}.Drop(connection);
            consumed += missing;
            """);
        WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }

    /// <summary>Begins to look at the frames that lie in this receive.</summary>
    public static void OpenLoop(SourceWriter writer)
    {
        writer.Line("// Frames that lie in this receive.");
        writer.Open("while (true)");
        writer.Line($"{Names.ByteSpan} rest = data.Slice(consumed);");
    }

    /// <summary>Carries the rest over to the next receive under a condition.</summary>
    public static void WriteCarryIf(SourceWriter writer, string condition)
    {
        writer.Open($"if ({condition})");
        writer.Line("return consumed;");
        writer.Close();
        writer.Line();
    }

    /// <summary>Hands one frame over, and goes on with the next.</summary>
    public static void CloseLoop(SourceWriter writer, CallbackModel onFrame, string slice, string whole)
    {
        if (TakesFrame(onFrame))
        {
            writer.Line($"{Names.ByteSpan} frame = rest.Slice({slice});");
        }

        writer.Line($"{MemberEmitter.CallOf(onFrame)};");
        writer.Line($"consumed += {whole};");
        WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }

    /// <summary>Whether the callback wants the bytes.</summary>
    public static bool TakesFrame(CallbackModel onFrame) =>
        onFrame.Arguments.Any(static argument => argument.Name == "frame");

    /// <summary>A number as C# spells it.</summary>
    public static string Decimal(long value) => value.ToString(CultureInfo.InvariantCulture);
}
