using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the list of the types of which each worker makes an instance.</summary>
internal static class PerWorkerEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol)
    {
        string[] types = [.. protocol.PerWorkerTypes];
        writer.Line(types.Length == 0
            ? "// No callback takes state of its worker."
            : "// The state of its worker that callbacks take.");
        writer.Line(MemberEmitter.GeneratedCode);
        writer.Line($"static void {MemberEmitter.InterfaceOf(protocol)}.CreatePerWorker(");
        writer.Line($"    {Names.PerWorkerBuilder} builder)");
        writer.Open();
        foreach (string type in types)
        {
            writer.Line($"builder.Add<{type}>();");
        }

        writer.Close();
    }
}
