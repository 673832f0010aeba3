using System.Collections.Generic;
using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds the parameters that are their worker's instance of a <c>[PerWorker]</c> type.</summary>
internal static class PerWorkerParser
{
    /// <summary>The full name of the attribute.</summary>
    public const string AttributeName = "Gain.PerWorkerAttribute";

    /// <summary>How types are written in the emitted file.</summary>
    public static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>The argument, or null where the parameter is something else.</summary>
    public static ArgumentModel? Parse(IParameterSymbol parameter, CallbackSpec spec)
    {
        if (parameter.Type is not INamedTypeSymbol { IsRefLikeType: false } type
            || AttributeFinder.Find(type, AttributeName) is null
            || spec.OwnerName is null
            || IsFileLocal(type))
        {
            return null;
        }

        string? modifier = parameter.RefKind switch
        {
            RefKind.Ref => "ref ",
            RefKind.In or RefKind.RefReadOnlyParameter => "in ",
            RefKind.None when type.IsReferenceType => "",
            _ => null,
        };
        string name = type.ToDisplayString(Format);
        return modifier is null
            ? null
            : new ArgumentModel(name, IsIn: false, new PerWorkerModel(name, modifier, Index: 0));
    }

    /// <summary>Gives each type its place.</summary>
    public static EquatableArray<CallbackModel> Number(IEnumerable<CallbackModel> callbacks)
    {
        var types = new List<string>();
        return new EquatableArray<CallbackModel>(callbacks.Select(callback => callback with
        {
            Arguments = new EquatableArray<ArgumentModel>(
                callback.Arguments.Select(argument => Number(argument, types))),
        }));
    }

    private static ArgumentModel Number(ArgumentModel argument, List<string> types)
    {
        if (argument.PerWorker is not { } perWorker)
        {
            return argument;
        }

        if (!types.Contains(perWorker.Type))
        {
            types.Add(perWorker.Type);
        }

        return argument with { PerWorker = perWorker with { Index = types.IndexOf(perWorker.Type) } };
    }

    /// <summary>Whether the emitted file cannot name a type.</summary>
    public static bool IsFileLocal(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is not null; one = one.ContainingType)
        {
            if (one.IsFileLocal)
            {
                return true;
            }
        }

        return false;
    }
}
