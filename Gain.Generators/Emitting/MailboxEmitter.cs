using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the type of the messages that other threads post.</summary>
internal static class MailboxEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol)
    {
        string? type = protocol.MessageType;
        writer.Line(protocol.Find(CallbackKind.Message) switch
        {
            null => "// Nothing but bytes is posted.",
            { IsOfSession: true } => "// What is posted for the session.",
            _ => "// What is posted for OnMessage.",
        });
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Line($"static void {MemberEmitter.InterfaceOf(protocol)}.CreateMailbox(");
        writer.Line($"    {Names.MailboxBuilder} builder)");
        writer.Open();
        if (type is not null)
        {
            writer.Line($"builder.Carry<{type}>();");
        }

        writer.Close();
    }
}
