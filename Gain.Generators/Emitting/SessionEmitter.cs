using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>
/// Emits the adapters in which a session begins and ends: behind the callback of the user's, and in front of
/// it. Between the two, its runtime is called as a callback is.
/// </summary>
internal static class SessionEmitter
{
    /// <summary>Whether an adapter is one of them.</summary>
    public static bool Writes(ProtocolModel protocol, CallbackSpec spec) =>
        protocol.Find(CallbackKind.Session) is not null
        && spec.Kind is CallbackKind.Accept or CallbackKind.Connect or CallbackKind.Close;

    public static void Write(SourceWriter writer, ProtocolModel protocol, CallbackSpec spec)
    {
        CallbackModel callback = protocol.Find(spec.Kind)!;
        CallbackModel session = protocol.Find(CallbackKind.Session)!;
        MemberEmitter.OpenAdapter(writer, protocol, "void", spec);
        if (spec.Kind == CallbackKind.Close)
        {
            WriteEnd(writer, callback);
        }
        else
        {
            WriteBegin(writer, callback, session, protocol);
        }

        writer.Close();
    }

    private static void WriteBegin(
        SourceWriter writer, CallbackModel callback, CallbackModel session, ProtocolModel protocol)
    {
        if (!callback.IsOfSession)
        {
            writer.Line($"{MemberEmitter.CallOf(callback)};");
        }

        string framed = protocol.Framing is not (null or InvalidFramingModel) ? "true" : "false";
        string begin = protocol.Find(CallbackKind.Message) is { IsOfSession: true }
            ? $"BeginWithMessages<{protocol.MessageType}>"
            : "Begin";
        writer.Lines($"""
            var {CallbackSpec.SessionName} = {Names.SessionCalls}.{begin}(connection, {framed});
            {Names.SessionCalls}.EndBegin({MemberEmitter.CallOf(session)});
            """);
    }

    // OnClose is the last callback, whatever the session throws.
    private static void WriteEnd(SourceWriter writer, CallbackModel callback)
    {
        if (callback.IsOfSession)
        {
            writer.Line($"{Names.SessionCalls}.Close(connection);");
            return;
        }

        writer.Open("try");
        writer.Line($"{Names.SessionCalls}.Close(connection);");
        writer.Close();
        writer.Open("finally");
        writer.Line($"{MemberEmitter.CallOf(callback)};");
        writer.Close();
    }
}
