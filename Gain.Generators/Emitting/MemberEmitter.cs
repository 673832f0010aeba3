using System;
using System.Collections.Generic;
using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Writes what all emitted members have in common.</summary>
internal static class MemberEmitter
{
    /// <summary>On members only: on the partial type it would claim the user's own part.</summary>
    public static readonly string GeneratedCode =
        $"[{Names.GeneratedCode}(\"Gain.Generators\", \"{VersionOf(typeof(MemberEmitter))}\")]";

    /// <summary>The interface that the struct implements.</summary>
    /// <remarks>
    /// The struct's simple name, inside itself, means the struct, whatever else is in scope; a qualified
    /// one would have to be spelled through parents whose type parameters may be hidden.
    /// </remarks>
    public static string InterfaceOf(ProtocolModel protocol) => $"{Names.Protocol}<{protocol.Self.Name}>";

    /// <summary>Opens the body of an adapter.</summary>
    public static void OpenAdapter(
        SourceWriter writer,
        ProtocolModel protocol,
        string returnType,
        CallbackSpec spec)
    {
        IEnumerable<string> parameters = spec.Parameters
            .Select(static parameter => parameter.ObjectName is { } name
                ? $"object {name}"
                : $"{parameter.Type} {parameter.Name}")
            .Prepend($"ref {protocol.Self.Name} handler");
        writer.Line(GeneratedCode);
        writer.Line($"static {returnType} {InterfaceOf(protocol)}.{spec.Kind}(");
        writer.Lines($"    {string.Join(",\n    ", parameters)})");
        writer.Open();
    }

    /// <summary>The call of a callback, with the arguments that it wants, in its order.</summary>
    public static string CallOf(CallbackModel callback)
    {
        CallbackSpec spec = CallbackSpec.Of(callback.Kind);
        string method = callback switch
        {
            { IsOfSession: true } => $"{Names.SessionCalls}.{callback.Kind}",
            { IsStatic: true } => spec.MethodName,
            _ => $"handler.{spec.MethodName}",
        };
        return $"{method}({string.Join(", ", callback.Arguments.Select(one => ArgumentOf(one, spec)))})";
    }

    private static string ArgumentOf(ArgumentModel argument, CallbackSpec spec) => argument switch
    {
        { PerWorker: { } shared } =>
            $"{shared.Modifier}{Names.PerWorkerState}.Get<{shared.Type}>({spec.OwnerName}, "
            + $"{FrameEmitter.Decimal(shared.Index)})",
        { MessageType: { } type } =>
            $"{(argument.IsIn ? "in " : "")}{argument.Name}.Get<{type}>()",
        { IsIn: true } => $"in {argument.Name}",
        _ => argument.Name,
    };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version.ToString();
}
