using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds the callbacks among a struct's methods.</summary>
/// <remarks>
/// A method with a callback's name and another signature is passed over: an analyzer explains it, and
/// emitting a call that does not compile would bury the explanation.
/// </remarks>
internal static class CallbackParser
{
    /// <summary>The callbacks to call, at most one of each kind.</summary>
    public static EquatableArray<CallbackModel> Parse(
        INamedTypeSymbol symbol,
        bool hasFraming,
        CancellationToken cancellation)
    {
        var found = new List<CallbackModel>();
        foreach (CallbackSpec spec in CallbackSpec.All)
        {
            cancellation.ThrowIfCancellationRequested();
            IMethodSymbol[] methods = [.. symbol.GetMembers(spec.MethodName).OfType<IMethodSymbol>()];
            CallbackModel? callback = methods
                .Where(method => !methods.Any(other => IsDuplicate(method, other)))
                .Select(method => ParseMethod(method, spec))
                .FirstOrDefault(static callback => callback is not null);
            if (callback is not null)
            {
                found.Add(callback);
            }
        }

        // Bytes go to one place: to the frame parser where there is a framing, else to OnRead.
        bool framed = hasFraming && found.Any(static callback => callback.Kind == CallbackKind.Frame);
        found.RemoveAll(callback => callback.Kind == (framed ? CallbackKind.Read : CallbackKind.Frame));
        return PerWorkerParser.Number(
            found.Any(static callback => callback.Kind == CallbackKind.Session)
                ? SessionCallbacks.Complete(found, hasFraming, SessionMessageParser.Parse(symbol))
                : found);
    }

    /// <summary>Whether two methods differ in nothing that the compiler tells overloads apart by.</summary>
    /// <remarks>
    /// A call of either would be ambiguous: a second error, for what the compiler has already reported.
    /// </remarks>
    public static bool IsDuplicate(IMethodSymbol method, IMethodSymbol other) =>
        !SymbolEqualityComparer.Default.Equals(method, other)
        && method.Arity == other.Arity
        && method.Parameters.Length == other.Parameters.Length
        && method.Parameters.Zip(other.Parameters, static (left, right) =>
            left.RefKind == right.RefKind
            && SymbolEqualityComparer.Default.Equals(left.Type, right.Type)).All(static same => same);

    /// <summary>How to call a method as a callback, or null where its signature is not one of that.</summary>
    public static CallbackModel? ParseMethod(IMethodSymbol method, CallbackSpec spec)
    {
        bool returnsCount = spec.MayReturnCount && method.ReturnType.SpecialType == SpecialType.System_Int32;
        if (method.MethodKind != MethodKind.Ordinary
            || method.IsGenericMethod
            || method.IsVararg
            || method.ReturnsByRef
            || method.ReturnsByRefReadonly
            || !(spec.ReturnType is null ? method.ReturnsVoid || returnsCount : ReturnsAs(method, spec)))
        {
            return null;
        }

        var arguments = new List<ArgumentModel>();
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            ArgumentModel? argument = ParseParameter(parameter, spec);
            if (argument is null || arguments.Any(earlier => earlier.Name == argument.Name))
            {
                return null;
            }

            arguments.Add(argument);
        }

        if (spec.TakesMessage && !arguments.Any(static argument => argument.MessageType is not null))
        {
            return null;
        }

        return new CallbackModel(
            spec.Kind,
            method.IsStatic,
            returnsCount,
            new EquatableArray<ArgumentModel>(arguments));
    }

    private static bool ReturnsAs(IMethodSymbol method, CallbackSpec spec) =>
        method.IsStatic
        && method.ReturnType.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat) == spec.ReturnType;

    /// <summary>What to pass for a parameter, or null where nothing is offered that fits.</summary>
    public static ArgumentModel? ParseParameter(IParameterSymbol parameter, CallbackSpec spec)
    {
        if (PerWorkerParser.Parse(parameter, spec) is { } perWorker)
        {
            return perWorker;
        }

        if (parameter.RefKind is not (RefKind.None or RefKind.In))
        {
            return null;
        }

        string type = parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        ParameterSpec? match = spec.Parameters.FirstOrDefault(
            candidate => candidate.Type == type && !candidate.IsMessage);
        return match is null
            ? MessageParser.Parse(parameter, spec)
            : new ArgumentModel(match.Name, parameter.RefKind == RefKind.In);
    }
}
