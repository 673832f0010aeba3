using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the <c>Read</c> that parses frames that begin with their length in base 128.</summary>
internal static class VarintPrefixedEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, VarintPrefixedModel framing)
    {
        CallbackModel onFrame = protocol.Find(CallbackKind.Frame)!;
        writer.Line("// OnFrame, for each payload behind a length in base 128.");
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
        FrameEmitter.OpenCarried(writer);
        writer.Line($"int header = {Names.Framing}.ReadVarint(carried, out int length);");
        writer.Open("while (header == 0)");
        writer.Line("// Which byte is the length's last is known only when it is there.");
        FrameEmitter.WriteCarryIf(writer, "consumed == data.Length");
        writer.Lines($"""
            carried = {Names.Framing}.Join(connection, data.Slice(consumed, 1));
            consumed++;
            header = {Names.Framing}.ReadVarint(carried, out length);
            """);
        writer.Close();
        writer.Line();
        WriteRejections(writer);
        writer.Line("int missing = header + length - carried.Length;");
        FrameEmitter.CloseCarried(writer, onFrame, ".Slice(header)");
    }

    private static void WriteLoop(SourceWriter writer, CallbackModel onFrame)
    {
        FrameEmitter.OpenLoop(writer);
        writer.Line($"int header = {Names.Framing}.ReadVarint(rest, out int length);");
        FrameEmitter.WriteCarryIf(writer, "header == 0");
        WriteRejections(writer);
        FrameEmitter.WriteCarryIf(writer, "length > rest.Length - header");
        FrameEmitter.CloseLoop(writer, onFrame, "header, length", "header + length");
    }

    private static void WriteRejections(SourceWriter writer)
    {
        FrameEmitter.WriteRejectIf(writer, "header < 0", "MalformedLength");
        FrameEmitter.WriteRejectIf(writer, "length > MaxFrameLength", "FrameTooLong");
    }
}
