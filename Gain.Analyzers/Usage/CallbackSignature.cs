using System.Linq;
using Gain.Generators.Models;
using Gain.Generators.Parsing;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.Usage;

/// <summary>Puts into words what a callback may look like, and why a method does not.</summary>
internal static class CallbackSignature
{
    /// <summary>What is accepted, as in "void OnWrite(any of Connection, int)".</summary>
    public static string Accepted(CallbackSpec spec)
    {
        string returns = spec switch
        {
            { ReturnType: { } type } => $"static async {ShortNameOf(type)}",
            { MayReturnCount: true } => "void or int",
            _ => "void",
        };
        string types = string.Join(", ", spec.Parameters.Select(NameOf));
        string some = spec.TakesMessage ? ""
            : spec.Parameters.Length > 1 ? "any of "
            : "nothing or ";
        return $"{returns} {spec.MethodName}({some}{types})";
    }

    /// <summary>A parameter's type as it is written with the usual usings.</summary>
    public static string NameOf(ParameterSpec parameter) => parameter.IsMessage
        ? "the message's type"
        : ShortNameOf(parameter.Type);

    /// <summary>The first thing that is wrong with a method.</summary>
    public static string WhyRefused(IMethodSymbol method, CallbackSpec spec)
    {
        if (method.IsGenericMethod)
        {
            return "it is generic";
        }

        if (method.IsVararg)
        {
            return "it has a variable argument list";
        }

        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (WhyRefused(parameter, method, spec) is { } reason)
            {
                return reason;
            }
        }

        if (spec.TakesMessage && !TakesMessage(method, spec))
        {
            return "it takes no message, and its type is what TryPost takes";
        }

        if (spec.ReturnType is not null && !method.IsStatic)
        {
            return "it is not static, and would run on a copy of the handler; Handler<T>() gives the handler";
        }

        return method.IsAsync && spec.ReturnType is null
            ? "it is async, and a callback ends on its worker's thread"
            : $"it returns '{ShortNameOf(method.ReturnType)}'";
    }

    private static bool TakesMessage(IMethodSymbol method, CallbackSpec spec) =>
        method.Parameters.Any(
            parameter => CallbackParser.ParseParameter(parameter, spec) is { MessageType: not null });

    private static string? WhyRefused(IParameterSymbol parameter, IMethodSymbol method, CallbackSpec spec)
    {
        string name = ShortNameOf(parameter.Type);
        bool fits = CallbackParser.ParseParameter(parameter, spec) is not null;
        if (!fits && IsPerWorker(parameter))
        {
            return spec.Parameters.Any(static one => one.Name == CallbackSpec.ConnectionName)
                ? $"its parameter '{parameter.Name}' is [PerWorker], and passed by ref or in"
                : $"it runs on no worker, and its parameter '{parameter.Name}' is [PerWorker]";
        }

        if (!fits && spec.TakesMessage && !MessageParser.CanBeMessage(parameter.Type)
            && !spec.Parameters.Any(one => IsOf(parameter, one)))
        {
            return $"a '{name}' cannot be posted, and what a peer sends comes to OnRead or OnFrame";
        }

        if (fits && MessageBefore(parameter, method, spec))
        {
            return $"it takes a second message, '{parameter.Name}', and a protocol has one type of message";
        }

        if (!fits && !spec.TakesMessage && !spec.Parameters.Any(one => IsOf(parameter, one)))
        {
            return $"there is no '{name}' for its parameter '{parameter.Name}'";
        }

        if (!fits)
        {
            return $"its parameter '{parameter.Name}' is passed by reference";
        }

        return method.Parameters.Take(parameter.Ordinal).Any(earlier =>
            SymbolEqualityComparer.Default.Equals(earlier.Type, parameter.Type))
            ? $"it takes a '{name}' twice"
            : null;
    }

    // Whether the parameter is a message, and an earlier one is, too.
    private static bool MessageBefore(IParameterSymbol parameter, IMethodSymbol method, CallbackSpec spec) =>
        spec.TakesMessage
        && CallbackParser.ParseParameter(parameter, spec) is { MessageType: not null }
        && method.Parameters.Take(parameter.Ordinal).Any(
            earlier => CallbackParser.ParseParameter(earlier, spec) is { MessageType: not null });

    /// <summary>Whether a parameter's type is one that each worker has an instance of.</summary>
    public static bool IsPerWorker(IParameterSymbol parameter) =>
        parameter.Type is INamedTypeSymbol type
        && AttributeFinder.Find(type, PerWorkerParser.AttributeName) is not null;

    private static string ShortNameOf(string type) => type.Substring(type.LastIndexOf('.') + 1);

    private static string ShortNameOf(ITypeSymbol type) =>
        type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>Whether a parameter has the type of one that is offered.</summary>
    public static bool IsOf(IParameterSymbol parameter, ParameterSpec offered) =>
        parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == offered.Type
        && !offered.IsMessage;
}
