using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the <c>Read</c> that asks the user's <c>TryReadFrame</c> for messages.</summary>
internal static class CustomFramingEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, CustomFramingModel framing)
    {
        CallbackModel onFrame = protocol.Find(CallbackKind.Frame)!;
        writer.Line("// OnFrame, for each message that TryReadFrame finds.");
        FrameEmitter.OpenParser(writer, protocol);
        writer.Lines($"""
            const int MaxFrameLength = {FrameEmitter.Decimal(framing.MaxFrameLength)};
            int consumed = 0;
            """);
        writer.Line();
        WriteCarried(writer, onFrame);
        writer.Line();
        WriteLoop(writer, onFrame);
        writer.Close();
    }

    private static void WriteCarried(SourceWriter writer, CallbackModel onFrame)
    {
        writer.Line("// A message that began in an earlier receive: TryReadFrame is shown more and more.");
        writer.Line($"{Names.ByteSpan} carried = {Names.Framing}.Carried(connection);");
        writer.Open("if (!carried.IsEmpty)");
        writer.Lines($"""
            {Names.ByteSpan} unread;
            scoped {Names.ByteSpan} frame;
            bool found;
            """);
        writer.Open("do");
        FrameEmitter.WriteCarryIf(writer, "consumed == data.Length");
        writer.Lines($"""
            int more = {Names.Framing}.Portion(carried.Length, data.Length - consumed);
            carried = {Names.Framing}.Join(connection, data.Slice(consumed, more));
            consumed += more;
            unread = carried;
            found = TryReadFrame(ref unread, out frame);
            """);
        writer.Open("if (!found && unread == default)");
        writer.Lines($"""
            return {Names.Framing}.Reject(
                connection, {Names.ProtocolErrorKind}.Malformed, MaxFrameLength);
            """);
        writer.Close();
        writer.Close();
        writer.Line("while (!found && carried.Length < MaxFrameLength);");
        writer.Line();
        FrameEmitter.WriteRejectIf(
            writer, $"!found || {Names.Framing}.Taken(carried, unread) > MaxFrameLength", "FrameTooLong");
        writer.Line("consumed -= unread.Length;");
        writer.Open("if (consumed < 1)");
        writer.Line($"{Names.Framing}.ThrowFoundLate();");
        writer.Close();
        writer.Line();
        writer.Lines($"""
            {MemberEmitter.CallOf(onFrame)};
            {Names.Framing}.Drop(connection);
            """);
        FrameEmitter.WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }

    private static void WriteLoop(SourceWriter writer, CallbackModel onFrame)
    {
        FrameEmitter.OpenLoop(writer);
        FrameEmitter.WriteCarryIf(writer, "rest.IsEmpty");
        writer.Lines($"""
            {Names.ByteSpan} unread = rest;
            scoped {Names.ByteSpan} frame;
            """);
        writer.Open("if (!TryReadFrame(ref unread, out frame))");
        FrameEmitter.WriteRejectIf(writer, "unread == default", "Malformed");
        FrameEmitter.WriteRejectIf(writer, "rest.Length >= MaxFrameLength", "FrameTooLong");
        writer.Line("return consumed;");
        writer.Close();
        writer.Line();
        writer.Line($"int length = {Names.Framing}.Taken(rest, unread);");
        FrameEmitter.WriteRejectIf(writer, "length > MaxFrameLength", "FrameTooLong");
        writer.Lines($"""
            {MemberEmitter.CallOf(onFrame)};
            consumed += length;
            """);
        FrameEmitter.WriteReturnIfHeldBack(writer, onFrame);
        writer.Close();
    }
}
