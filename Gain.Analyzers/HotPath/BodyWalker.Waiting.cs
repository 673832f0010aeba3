using System.Linq;
using Gain.Analyzers.Blocking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>What tells whether a call waits.</summary>
internal sealed partial class BodyWalker
{
    private static bool WaitsForNothing(IOperation operation) =>
        operation is IInvocationOperation call
        && call.Arguments.Any(static argument => argument.Parameter is { } parameter
            && parameter.Name is "millisecondsTimeout" or "timeout" or "milliseconds" or "microSeconds"
                or "forceFullCollection" or "willBlock"
            && IsZero(argument.Value));

    private static bool IsZero(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: 0 or false } } => true,
        IConversionOperation { Operand: var operand } => IsZero(operand),
        IFieldReferenceOperation { Field: { Name: "Zero", ContainingType.Name: "TimeSpan" } } => true,
        IDefaultValueOperation { Type.Name: "TimeSpan" } => true,
        _ => false,
    };

    private static ITypeSymbol? SourceOf(IOperation operation) => operation switch
    {
        IInvocationOperation { Instance: { } instance } => WithoutImplicit(instance).Type,
        IInvocationOperation { TargetMethod.IsExtensionMethod: true, Arguments: [var first, ..] } =>
            WithoutImplicit(first.Value).Type,
        _ => null,
    };

    private bool TakesIo(IOperation operation)
    {
        if (operation is not IInvocationOperation call
            || SymbolEqualityComparer.Default.Equals(
                call.TargetMethod.ContainingAssembly, _method.ContainingAssembly))
        {
            return false;
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (WithoutImplicit(argument.Value).Type is { SpecialType: SpecialType.None } type
                && type.IsReferenceType
                && IoTypes.IsOne(type))
            {
                return true;
            }
        }

        return false;
    }

    // Looked for only where there may be one: of what is or may be a database.
    private static IMethodSymbol? SiblingInScope(
        IMethodSymbol target, ITypeSymbol? source, IOperation operation) =>
        source is not null
        && (IsQuery(source) || IoTypes.IsOne(source))
        && !AsyncSiblings.IsAsynchronous(target)
        && AsyncSiblings.Of(target) is null
            ? AsyncSiblings.InScope(
                operation.SemanticModel, operation.Syntax.SpanStart, source, target.Name)
            : null;

    private static bool IsQuery(ITypeSymbol type) =>
        type.Name == "IQueryable" || type.AllInterfaces.Any(static one => one.Name == "IQueryable");

    private static bool IsOnlyMade(IOperation operation)
    {
        IOperation? parent = operation.Parent;
        while (parent is IConversionOperation)
        {
            parent = parent.Parent;
        }

        return parent switch
        {
            IExpressionStatementOperation => true,
            ISimpleAssignmentOperation { Target: IFieldReferenceOperation or IPropertyReferenceOperation
                or IDiscardOperation } => true,
            _ => false,
        };
    }
}
