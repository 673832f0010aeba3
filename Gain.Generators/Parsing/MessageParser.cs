using System.Linq;
using Gain.Generators.Models;
using Microsoft.CodeAnalysis;

namespace Gain.Generators.Parsing;

/// <summary>Finds the parameter that is the message of <c>OnMessage</c>.</summary>
internal static class MessageParser
{
    /// <summary>The argument, or null where the parameter cannot be a message.</summary>
    public static ArgumentModel? Parse(IParameterSymbol parameter, CallbackSpec spec) =>
        spec.Parameters.FirstOrDefault(static one => one.IsMessage) is { } message
        && CanBeMessage(parameter.Type)
            ? new ArgumentModel(
                message.Name,
                parameter.RefKind == RefKind.In,
                MessageType: parameter.Type.ToDisplayString(PerWorkerParser.Format))
            : null;

    /// <summary>
    /// Whether a type's instances can be posted, and the emitted file can name it. One that is its worker's
    /// is meant to be that.
    /// </summary>
    public static bool CanBeMessage(ITypeSymbol type) => CanBeNamed(type) && !type.IsRefLikeType
        && !(type is INamedTypeSymbol named
            && AttributeFinder.Find(named, PerWorkerParser.AttributeName) is not null);

    private static bool CanBeNamed(ITypeSymbol type) => type switch
    {
        INamedTypeSymbol named => named.TypeKind != TypeKind.Error
            && !PerWorkerParser.IsFileLocal(named)
            && named.TypeArguments.All(CanBeNamed)
            && (named.ContainingType is null || CanBeNamed(named.ContainingType)),
        IArrayTypeSymbol array => CanBeNamed(array.ElementType),
        ITypeParameterSymbol parameter =>
            parameter.TypeParameterKind == TypeParameterKind.Type && !parameter.AllowsRefLikeType,
        _ => type.TypeKind == TypeKind.Dynamic,
    };
}
