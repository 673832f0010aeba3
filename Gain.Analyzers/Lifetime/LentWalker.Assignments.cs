using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <remarks>What an assignment, in any of its forms, makes hold lent memory.</remarks>
internal sealed partial class LentWalker
{
    private void VisitAssignment(IAssignmentOperation assignment)
    {
        bool isHeld = assignment is ICompoundAssignmentOperation compound
            ? compound.OperatorKind is BinaryOperatorKind.Add or BinaryOperatorKind.Or
                or BinaryOperatorKind.ExclusiveOr
                && AddressTypes.CanHold(compound.Type) && Holds(compound.Value)
            : Holds(assignment.Value);
        if (isHeld)
        {
            Keep(assignment.Target, new Cause(LocationOf(assignment.Value)));
        }
    }

    // ref byte first = ref MemoryMarshal.GetReference(data), or a value.
    private void Assign(ILocalSymbol variable, IOperation value)
    {
        if (variable.IsRef)
        {
            if (IsPlace(value))
            {
                Mark(_places, variable);
            }
            else if (Holds(value))
            {
                Mark(_held, variable);
            }
        }
        else if (Holds(value))
        {
            Mark(_held, variable);
        }
    }

    private void AssignReference(ISimpleAssignmentOperation assignment)
    {
        switch (assignment.Target)
        {
            case ILocalReferenceOperation { Local: var local }:
                Assign(local, assignment.Value);
                break;
            case IParameterReferenceOperation { Parameter: var parameter } when IsPlace(assignment.Value):
                Mark(_places, parameter);
                break;
            case IFieldReferenceOperation field when IsPlace(assignment.Value):
                // A reference in a ref struct, which the compiler follows.
                Keep(field, new Cause(LocationOf(assignment.Value)));
                break;
            default:
                break;
        }
    }

    private void AssignElement(ILocalSymbol element, IForEachLoopOperation loop)
    {
        if (!Holds(loop.Collection))
        {
            return;
        }

        if (element.IsRef)
        {
            Mark(_places, element);
        }
        else if (AddressTypes.CanHold(element.Type) && HoldsElement(loop.Collection.Type, element.Type))
        {
            Mark(_held, element);
        }
    }

    // A span's elements are what lies in the memory; the parts of one are spans again.
    private static bool HoldsElement(ITypeSymbol? whole, ITypeSymbol? part) =>
        whole is not { IsRefLikeType: true } || AddressTypes.IsAddress(part);

    private void AssignMatched(ISymbol symbol, IPatternOperation pattern)
    {
        IOperation? at = pattern;
        while (at is IPatternOperation)
        {
            at = at.Parent;
        }

        IOperation? value = at switch
        {
            IIsPatternOperation test => test.Value,
            ISwitchExpressionArmOperation { Parent: ISwitchExpressionOperation choice } => choice.Value,
            IPatternCaseClauseOperation { Parent.Parent: ISwitchOperation choice } => choice.Value,
            _ => null,
        };
        if (symbol is ILocalSymbol { Type: var type } && AddressTypes.CanHold(type)
            && Holds(value) && HoldsElement(value!.Type, type))
        {
            Mark(_held, symbol);
        }
    }

    private void Deconstruct(IOperation target, IOperation value)
    {
        IOperation source = Unconverted(value);
        IOperation into = target is IDeclarationExpressionOperation declaration
            ? declaration.Expression
            : target;
        if (into is not ITupleOperation targets)
        {
            if (Holds(source))
            {
                Keep(into, new Cause(LocationOf(source)));
            }

            return;
        }

        for (int i = 0; i < targets.Elements.Length; i++)
        {
            Deconstruct(
                targets.Elements[i],
                source is ITupleOperation values && values.Elements.Length == targets.Elements.Length
                    ? values.Elements[i]
                    : source);
        }
    }
}
