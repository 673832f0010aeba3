using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What an address is written to that is written into a span: what lies under the span.</summary>
internal sealed partial class LentWalker
{
    // Spans that are being followed: a variable may be a slice of itself.
    private readonly HashSet<ISymbol> _followed = new(SymbolEqualityComparer.Default);

    private static bool IsSpan(ITypeSymbol? type) =>
        type is { Name: "Span" or "ReadOnlySpan", IsRefLikeType: true };

    private void KeepInSpan(IOperation span, Cause cause)
    {
        switch (span)
        {
            case { Type: IArrayTypeSymbol }:
                Add(cause.ToEscape("An array keeps"));
                break;
            case IConversionOperation { Operand: var operand }:
                KeepInSpan(operand, cause);
                break;
            case ILocalReferenceOperation { Local: var local }:
                KeepUnder(local, cause);
                break;
            case IParameterReferenceOperation { Parameter: var parameter }:
                KeepInParameter(parameter, cause, isThrough: true);
                break;
            case IImplicitIndexerReferenceOperation { Instance: var sliced }:
                KeepInSpan(sliced, cause);
                break;
            case IPropertyReferenceOperation { Property.Name: "Span", Instance.Type:
                { Name: "Memory" or "ReadOnlyMemory" } }:
                Add(cause.ToEscape("A block of memory keeps"));
                break;
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                KeepInSpan(conditional.WhenTrue, cause);
                KeepInSpan(whenFalse, cause);
                break;
            case IObjectCreationOperation { Arguments: [var first, ..] }:
                KeepInOrigin(first, cause);
                break;
            case IInvocationOperation call when _source.Syntax != call.Syntax:
                KeepInSpanOf(call, cause);
                break;
            default:
                Keep(span, cause);
                break;
        }
    }

    // A span over an array, a variable or native memory.
    private void KeepInOrigin(IArgumentOperation origin, Cause cause)
    {
        if (origin.Parameter is { RefKind: not RefKind.None })
        {
            Keep(origin.Value, cause);
        }
        else if (origin.Value.Type is IPointerTypeSymbol)
        {
            KeepThrough(origin.Value, cause);
        }
        else
        {
            KeepInSpan(origin.Value, cause);
        }
    }

    // array.AsSpan(1), span.Slice(1), MemoryMarshal.CreateSpan(ref variable, 1).
    private void KeepInSpanOf(IInvocationOperation call, Cause cause)
    {
        if (call.Instance is { Type.IsRefLikeType: true } sliced)
        {
            KeepInSpan(sliced, cause);
        }
        else if (call is { TargetMethod.IsStatic: true, Arguments: [var first, ..] })
        {
            KeepInOrigin(first, cause);
        }
    }

    private void KeepUnder(ILocalSymbol span, Cause cause)
    {
        if (!AddressTypes.CanHold(span.Type))
        {
            return;
        }

        Mark(_held, span);
        if (!_followed.Add(span))
        {
            return;
        }

        foreach (IOperation value in ValuesOf(span))
        {
            KeepInSpan(value, cause);
        }

        _followed.Remove(span);
    }

    // What a function within the method writes to is what those that call it there have passed.
    private void KeepInArguments(
        IMethodSymbol function, IParameterSymbol parameter, Cause cause, bool isThrough)
    {
        if (!_followed.Add(parameter))
        {
            return;
        }

        foreach (IArgumentOperation argument in _roots.SelectMany(static root => root.Descendants())
            .OfType<IInvocationOperation>()
            .Where(call => SymbolEqualityComparer.Default.Equals(
                call.TargetMethod.OriginalDefinition, function.OriginalDefinition))
            .SelectMany(static call => call.Arguments)
            .Where(one => one.Parameter?.Ordinal == parameter.Ordinal))
        {
            KeepIn(argument.Value, parameter.Type, cause, isThrough);
        }

        _followed.Remove(parameter);
    }

    private void KeepIn(IOperation argument, ITypeSymbol type, Cause cause, bool isThrough)
    {
        if (IsSpan(type))
        {
            KeepInSpan(argument, cause);
        }
        else if (isThrough)
        {
            KeepThrough(argument, cause);
        }
        else
        {
            Keep(argument, cause);
        }
    }

    // All that a variable was ever given.
    private IEnumerable<IOperation> ValuesOf(ILocalSymbol local)
    {
        foreach (IOperation operation in _roots.SelectMany(static root => root.Descendants()))
        {
            IOperation? value = operation switch
            {
                IVariableDeclaratorOperation { Initializer: { } initializer } declarator
                    when SymbolEqualityComparer.Default.Equals(declarator.Symbol, local) => initializer.Value,
                ISimpleAssignmentOperation { Target: ILocalReferenceOperation target } assignment
                    when SymbolEqualityComparer.Default.Equals(target.Local, local) => assignment.Value,
                _ => null,
            };
            if (value is not null)
            {
                yield return value;
            }
        }
    }

    // foreach (ref nint slot in span) slot = address.
    private IOperation? EachOf(ILocalSymbol local) =>
        _roots.SelectMany(static root => root.Descendants()).OfType<IForEachLoopOperation>()
            .FirstOrDefault(one => one.Locals.Contains(local, SymbolEqualityComparer.Default))?.Collection;

    // span.Fill(address), Array.Fill(array, address), array.SetValue(address, 1), MemoryMarshal.Write(…).
    private void KeepInFilled(IMethodSymbol method, IOperation call, IArgumentOperation argument, Cause cause)
    {
        IOperation? target = method.Name switch
        {
            "Fill" or "SetValue" when method.ContainingType.Name is "Span" or "Array" =>
                (call as IInvocationOperation)?.Instance
                    ?? (call as IInvocationOperation)?.Arguments.FirstOrDefault()?.Value,
            "Write" when method.ContainingType.Name == "MemoryMarshal" =>
                (call as IInvocationOperation)?.Arguments.FirstOrDefault()?.Value,
            _ => null,
        };
        if (target is not null && target != argument.Value)
        {
            KeepInSpan(target, cause);
        }
    }
}
