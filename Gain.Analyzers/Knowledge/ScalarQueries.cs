using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// LINQ's methods that look at an array or a list itself, and make no enumerator of it: those that answer
/// with a number, or with an element that is there.
/// </summary>
internal static class ScalarQueries
{
    /// <summary>Whether a call is one of them, over a source that is such a one.</summary>
    public static bool IsOne(IOperation operation) =>
        operation is IInvocationOperation { Arguments: [var source, ..] } call
        && call.TargetMethod.ContainingType is { Name: "Enumerable", ContainingNamespace.Name: "Linq" } type
        && ArgumentTypes.IsInSystem(type)
        && ElementOf(source.Value) is { } element
        && (call.Arguments.Length == 1
            ? IsAboutAll(call.TargetMethod.Name, element)
            : call.Arguments.Length == 2 && TakesPosition(call.TargetMethod));

    private static bool IsAboutAll(string name, ITypeSymbol element) => name switch
    {
        "Any" or "Count" or "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single"
            or "SingleOrDefault" => true,

        // Another type's order is asked of a comparer, and may be anything.
        "Sum" or "Min" or "Max" or "Average" => element.SpecialType
            is >= SpecialType.System_SByte and <= SpecialType.System_Double,
        _ => false,
    };

    private static bool TakesPosition(IMethodSymbol method) =>
        method is { Name: "ElementAt" or "ElementAtOrDefault", Parameters: [_, { Type: var second }] }
        && second.SpecialType == SpecialType.System_Int32;

    private static ITypeSymbol? ElementOf(IOperation source)
    {
        while (source is IConversionOperation { IsImplicit: true, Operand: var operand })
        {
            source = operand;
        }

        return source.Type switch
        {
            IArrayTypeSymbol { IsSZArray: true } array => array.ElementType,
            INamedTypeSymbol { MetadataName: "List`1" } list when ArgumentTypes.IsInSystem(list) =>
                list.TypeArguments[0],
            _ => null,
        };
    }
}
