using System.Linq;
using Gain.Generators.Models;

namespace Gain.Generators.Emitting;

/// <summary>Emits the adapters that call one callback each.</summary>
internal static class CallbackEmitter
{
    public static void Write(SourceWriter writer, ProtocolModel protocol, CallbackSpec spec)
    {
        CallbackModel? callback = protocol.Find(spec.Kind);
        bool isRead = spec.Kind == CallbackKind.Read;
        if (callback is null)
        {
            writer.Line($"// {spec.MethodName} is not declared{(isRead ? ": bytes are discarded" : "")}.");
        }

        MemberEmitter.OpenAdapter(writer, protocol, isRead ? "int" : "void", spec);
        if (callback is not null)
        {
            WriteCasts(writer, callback, spec);
        }

        if (callback is { ReturnsCount: true })
        {
            writer.Line($"return {MemberEmitter.CallOf(callback)};");
        }
        else
        {
            WriteCall(writer, callback, isRead);
        }

        writer.Close();
    }

    private static void WriteCasts(SourceWriter writer, CallbackModel callback, CallbackSpec spec)
    {
        foreach (ParameterSpec parameter in spec.Parameters)
        {
            if (parameter.ObjectName is { } name
                && callback.Arguments.Any(argument => argument.Name == parameter.Name))
            {
                writer.Line($"var {parameter.Name} = ({parameter.Type}){name};");
            }
        }
    }

    private static void WriteCall(SourceWriter writer, CallbackModel? callback, bool isRead)
    {
        if (callback is not null)
        {
            writer.Line($"{MemberEmitter.CallOf(callback)};");
        }

        if (isRead)
        {
            writer.Line("return data.Length;");
        }
    }
}
