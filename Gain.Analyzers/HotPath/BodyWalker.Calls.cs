using Gain.Analyzers.Allocation;
using Gain.Analyzers.Blocking;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Calls, in all the forms that the language has for them.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitInvocation(IInvocationOperation operation)
    {
        IMethodSymbol target = operation.TargetMethod;
        if (IsLeftOut(target, operation))
        {
            return;
        }

        if (NeverReturns(operation))
        {
            VisitThrowPath(operation);
            return;
        }

        switch (target.MethodKind)
        {
            case MethodKind.DelegateInvoke:
                AddDelegateCall(operation.Instance, target, operation);
                break;
            case MethodKind.LocalFunction:
                AddCoroutine(target, operation);
                break;
            default:
                AddObjectEquality(operation);
                AddCall(
                    target,
                    operation,
                    ReceiverOf(operation),
                    operation.IsVirtual || operation.ConstrainedToType is not null);
                break;
        }

        base.VisitInvocation(operation);
    }

    public override void VisitFunctionPointerInvocation(IFunctionPointerInvocationOperation operation)
    {
        Report(AllocationRules.Unverified, operation, "The target of a function pointer");
        base.VisitFunctionPointerInvocation(operation);
    }

    public override void VisitPropertyReference(IPropertyReferenceOperation operation)
    {
        IPropertySymbol property = operation.Property;
        (bool reads, bool writes) = UseOf(operation, property);
        bool isVirtual = (property.IsVirtual || property.IsAbstract || property.IsOverride)
            && operation.Instance?.Syntax is not BaseExpressionSyntax;
        ITypeSymbol? receiver = operation.Instance?.Type ?? operation.ConstrainedToType;
        if (reads)
        {
            AddCall(Accessor(property, static p => p.GetMethod), operation, receiver, isVirtual);
        }

        if (writes)
        {
            AddCall(Accessor(property, static p => p.SetMethod), operation, receiver, isVirtual);
        }

        base.VisitPropertyReference(operation);
    }

    public override void VisitInvalid(IInvalidOperation operation)
    {
        // What a generator writes is not there for another one.
        Report(AllocationRules.Unverified, operation, "What does not compile");
        base.VisitInvalid(operation);
    }

    public override void VisitUnaryOperator(IUnaryOperation operation)
    {
        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        base.VisitUnaryOperator(operation);
    }

    public override void VisitIncrementOrDecrement(IIncrementOrDecrementOperation operation)
    {
        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        if (operation is { OperatorMethod: null, Target.Type: { SpecialType: SpecialType.None } type })
        {
            // The conversions to a number and back, which the operation does not name.
            foreach (ISymbol conversion in type.GetMembers(WellKnownMemberNames.ImplicitConversionName))
            {
                AddOwn(conversion as IMethodSymbol, operation);
            }
        }

        base.VisitIncrementOrDecrement(operation);
    }

    public override void VisitLock(ILockOperation operation)
    {
        ReportBlocking(BlockingRules.Lock, operation, "lock");
        base.VisitLock(operation);
    }

    public override void VisitDynamicInvocation(IDynamicInvocationOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicMemberReference(IDynamicMemberReferenceOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicObjectCreation(IDynamicObjectCreationOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicIndexerAccess(IDynamicIndexerAccessOperation operation) =>
        ReportDynamic(operation);

    // A struct's base is a class: to be its 'this', the struct is boxed.
    private ITypeSymbol? ReceiverOf(IInvocationOperation operation) =>
        operation.Instance?.Syntax is BaseExpressionSyntax
        && _method.ContainingType is { IsValueType: true } type
            ? type
            : operation.ConstrainedToType ?? operation.Instance?.Type;

    private static IMethodSymbol? Accessor(
        IPropertySymbol property, System.Func<IPropertySymbol, IMethodSymbol?> accessor)
    {
        // An override may declare one accessor only; the other is inherited.
        for (IPropertySymbol? at = property; at is not null; at = at.OverriddenProperty)
        {
            if (accessor(at) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    private static (bool Reads, bool Writes) UseOf(IOperation operation, IPropertySymbol property)
    {
        if (property.ReturnsByRef || property.ReturnsByRefReadonly)
        {
            return (true, false);
        }

        return operation.Parent switch
        {
            ISimpleAssignmentOperation assignment when assignment.Target == operation => (false, true),
            ICompoundAssignmentOperation assignment when assignment.Target == operation => (true, true),
            ICoalesceAssignmentOperation assignment when assignment.Target == operation => (true, true),
            IIncrementOrDecrementOperation => (true, true),
            ITupleOperation tuple => IsDeconstructedInto(tuple) ? (false, true) : (true, false),
            _ => (true, false),
        };
    }

    private static bool IsDeconstructedInto(ITupleOperation tuple)
    {
        IOperation inner = tuple;
        while (inner.Parent is ITupleOperation outer)
        {
            inner = outer;
        }

        return inner.Parent is IDeconstructionAssignmentOperation assignment && assignment.Target == inner;
    }

    // The compiler leaves out the call of a conditional method whose symbol is not defined, with its
    // arguments. What DEBUG alone keeps is no part of what a user ships.
    private bool IsLeftOut(IMethodSymbol target, IInvocationOperation operation)
    {
        if (WellKnownTypes.Find(target.OriginalDefinition, _types.Conditional) is not { } conditional)
        {
            return false;
        }

        string? symbol = conditional.ConstructorArguments.Length == 1
            ? conditional.ConstructorArguments[0].Value as string
            : null;
        return symbol is null or "DEBUG" || !IsDefined(operation.Syntax.SyntaxTree, symbol);
    }

    private static bool IsDefined(SyntaxTree tree, string symbol)
    {
        foreach (string defined in tree.Options.PreprocessorSymbolNames)
        {
            if (defined == symbol)
            {
                return true;
            }
        }

        return false;
    }

    // object.Equals(a, b) runs the one of a.
    private void AddObjectEquality(IInvocationOperation operation)
    {
        if (operation is
            {
                TargetMethod: { IsStatic: true, Name: "Equals", ContainingType: var type },
                Arguments: [{ Value: var first }, _],
            }
            && type.SpecialType == SpecialType.System_Object)
        {
            ITypeSymbol? receiver =
                first is IConversionOperation { Operand.Type: { } from } ? from : first.Type;
            foreach (ISymbol member in type.GetMembers("Equals"))
            {
                if (member is IMethodSymbol { IsVirtual: true } equals)
                {
                    AddCall(equals, operation, receiver, isVirtual: true);
                }
            }
        }
    }

    // The body of a local function counts as its method's; what makes its task or iterator is the call.
    private void AddCoroutine(IMethodSymbol target, IInvocationOperation operation)
    {
        if (FindLocalFunction(target) is not { Body: { } body })
        {
            return;
        }

        if (AsyncText(target, Name(target), [body]) is { } text)
        {
            Report(AllocationRules.Task, operation, text);
        }

        if (Yields(target, [body]))
        {
            Report(AllocationRules.Iterator, operation, IteratorText(target));
        }
    }

    private void AddOperator(IMethodSymbol? method, ITypeSymbol? constrainedTo, IOperation operation) =>
        AddCall(method, operation, constrainedTo, isVirtual: constrainedTo is not null);

    private void AddOwn(IMethodSymbol? method, IOperation operation)
    {
        if (method is not null
            && SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, _method.ContainingAssembly))
        {
            AddCall(method, operation, method.ContainingType, method.IsVirtual || method.IsAbstract);
        }
    }

    private void ReportDynamic(IOperation operation)
    {
        Report(AllocationRules.KnownApi, operation, "What is dynamic is bound when it runs, which");
        DefaultVisit(operation);
    }
}
