using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the <c>Read</c> that cuts what arrives into frames of one size.</summary>
internal static class FixedSizeEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, FixedSizeModel framing)
    {
        CallbackModel onFrame = protocol.Find(CallbackKind.Frame)!;
        string size = FrameEmitter.Decimal(framing.Size);
        writer.Line($"// OnFrame, for each {size} byte{(framing.Size == 1 ? "" : "s")}.");
        FrameEmitter.OpenParser(writer, protocol);
        writer.Lines($"""
            const int FrameLength = {size};
            int consumed = 0;
            """);
        writer.Line();

        // A frame of one byte is never carried in part.
        if (framing.Size > 1)
        {
            FrameEmitter.OpenCarried(writer);
            writer.Line("int missing = FrameLength - carried.Length;");
            FrameEmitter.CloseCarried(writer, onFrame, "");
            writer.Line();
        }

        FrameEmitter.OpenLoop(writer);
        FrameEmitter.WriteCarryIf(writer, "rest.Length < FrameLength");
        FrameEmitter.CloseLoop(writer, onFrame, "0, FrameLength", "FrameLength");
        writer.Close();
    }
}
