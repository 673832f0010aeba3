using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>
/// Finds out where a delegate comes from, within one method: it was made there, where it is examined; or a
/// field or property holds it; or nobody knows.
/// </summary>
internal sealed class DelegateTrace
{
    private readonly ImmutableArray<IOperation> _roots;
    private readonly HashSet<ILocalSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly ImmutableArray<ISymbol>.Builder _holders = ImmutableArray.CreateBuilder<ISymbol>();
    private bool _isUnknown;

    private DelegateTrace(ImmutableArray<IOperation> roots) => _roots = roots;

    /// <summary>
    /// The fields and properties that hold what a value may be, and whether it may be something else.
    /// </summary>
    public static (ImmutableArray<ISymbol> Holders, bool IsUnknown) Of(
        IOperation value, ImmutableArray<IOperation> roots)
    {
        var trace = new DelegateTrace(roots);
        trace.Follow(value);
        return (trace._holders.ToImmutable(), trace._isUnknown);
    }

    private void Follow(IOperation value)
    {
        switch (value)
        {
            case IDelegateCreationOperation
            {
                Target: IAnonymousFunctionOperation or IMethodReferenceOperation,
            }:
            case IAnonymousFunctionOperation or IMethodReferenceOperation:
            case IThrowOperation or IDefaultValueOperation:
            // The callers that pass a delegate to the method are asked what it is.
            case IParameterReferenceOperation:
            case { ConstantValue: { HasValue: true, Value: null } }:
                break;
            case IDelegateCreationOperation creation:
                Follow(creation.Target);
                break;
            case IConversionOperation { OperatorMethod: null } conversion:
                Follow(conversion.Operand);
                break;
            case IParenthesizedOperation parenthesized:
                Follow(parenthesized.Operand);
                break;
            case IConditionalOperation { WhenFalse: { } otherwise } conditional:
                Follow(conditional.WhenTrue);
                Follow(otherwise);
                break;
            case ICoalesceOperation coalesce:
                Follow(coalesce.Value);
                Follow(coalesce.WhenNull);
                break;
            case ISwitchExpressionOperation choice:
                foreach (ISwitchExpressionArmOperation arm in choice.Arms)
                {
                    Follow(arm.Value);
                }

                break;
            case ISimpleAssignmentOperation assignment:
                Follow(assignment.Value);
                break;
            case IConditionalAccessInstanceOperation:
                FollowReceiver(value);
                break;
            case IFieldReferenceOperation { Field.IsReadOnly: true } reference:
                _holders.Add(reference.Field.OriginalDefinition);
                break;
            case IPropertyReferenceOperation { Property: { IsReadOnly: true, IsVirtual: false } property }
                when !property.IsOverride && !property.IsAbstract:
                _holders.Add(property.OriginalDefinition);
                break;
            case ILocalReferenceOperation { Local: var local }:
                FollowLocal(local);
                break;
            default:
                _isUnknown = true;
                break;
        }
    }

    // Of a?.Invoke(), what stands before the question mark.
    private void FollowReceiver(IOperation instance)
    {
        IOperation inner = instance;
        for (IOperation? at = instance.Parent; at is not null; inner = at, at = at.Parent)
        {
            if (at is IConditionalAccessOperation access && access.WhenNotNull == inner)
            {
                Follow(access.Operation);
                return;
            }
        }

        _isUnknown = true;
    }

    private void FollowLocal(ILocalSymbol local)
    {
        if (!_seen.Add(local))
        {
            return;
        }

        bool isWritten = false;
        foreach (IOperation root in _roots)
        {
            foreach (IOperation operation in root.DescendantsAndSelf())
            {
                switch (operation)
                {
                    case IVariableDeclaratorOperation { Symbol: var declared } declarator
                        when Same(declared, local) && InitializerOf(declarator) is { } value:
                        isWritten = true;
                        Follow(value);
                        break;
                    case ISimpleAssignmentOperation
                        {
                            Target: ILocalReferenceOperation { Local: var assigned },
                        } assignment when Same(assigned, local):
                        isWritten = true;
                        Follow(assignment.Value);
                        break;
                    case ILocalReferenceOperation { Local: var used } reference
                        when Same(used, local) && IsWrittenOtherwise(reference):
                        _isUnknown = true;
                        break;
                    default:
                        break;
                }
            }
        }

        // That of a loop or a pattern.
        _isUnknown |= !isWritten;
    }

    private static IOperation? InitializerOf(IVariableDeclaratorOperation declarator) =>
        declarator.Initializer?.Value;

    private static bool IsWrittenOtherwise(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } => true,
        IDeclarationExpressionOperation or ICompoundAssignmentOperation
            or ICoalesceAssignmentOperation => true,
        ITupleOperation { Parent: IDeconstructionAssignmentOperation } => true,
        IAddressOfOperation => true,
        _ => false,
    };

    private static bool Same(ISymbol left, ISymbol right) =>
        SymbolEqualityComparer.Default.Equals(left, right);
}
