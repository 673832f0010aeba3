using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the switch over completions.</summary>
internal static class SwitchEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol)
    {
        string worker = protocol.WorkerParameter;
        writer.Line("// Each operation of this protocol has a case; the rest is the worker's own.");
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Lines($"""
            static void {MemberEmitter.InterfaceOf(protocol)}.Complete<{worker}>(
                {worker} worker,
                {Names.Completion} completion)
            """);
        writer.Open();
        writer.Open($"switch ({Names.Token}.OperationOf(completion))");

        // Every protocol reads, if only to discard, and may send. Without OnAccept, an accept is as rare
        // as any other of the worker's own operations.
        WriteCase(writer, "Receive");
        WriteCase(writer, "Send");
        if (protocol.Find(CallbackKind.Accept) is not null)
        {
            WriteCase(writer, "Accept");
        }

        if (protocol.Find(CallbackKind.Datagram) is not null)
        {
            WriteCase(writer, "Datagram");
        }

        writer.Lines("""
            default:
                worker.HandleOther(completion);
                break;
            """);
        writer.Close();
        writer.Close();
    }

    private static void WriteCase(SourceWriter writer, string operation)
    {
        writer.Lines($"""
            case {Names.Operation}.{operation}:
                worker.Handle{operation}(completion);
                break;
            """);
        writer.Line();
    }
}
