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
                AddDelegateCall(operation);
                break;
            case MethodKind.LocalFunction:
                AddCoroutine(target, operation);
                break;
            default:
                AddCall(
                    target,
                    operation,
                    operation.ConstrainedToType ?? operation.Instance?.Type,
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

    public override void VisitUnaryOperator(IUnaryOperation operation)
    {
        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        base.VisitUnaryOperator(operation);
    }

    public override void VisitIncrementOrDecrement(IIncrementOrDecrementOperation operation)
    {
        AddOperator(operation.OperatorMethod, operation.ConstrainedToType, operation);
        base.VisitIncrementOrDecrement(operation);
    }

    public override void VisitUsing(IUsingOperation operation)
    {
        AddDisposal(operation.Resources, operation.IsAsynchronous);
        base.VisitUsing(operation);
    }

    public override void VisitUsingDeclaration(IUsingDeclarationOperation operation)
    {
        AddDisposal(operation.DeclarationGroup, operation.IsAsynchronous);
        base.VisitUsingDeclaration(operation);
    }

    public override void VisitLock(ILockOperation operation)
    {
        ReportBlocking(BlockingRules.Lock, operation, "lock");
        base.VisitLock(operation);
    }

    public override void VisitAwait(IAwaitOperation operation)
    {
        // The members of an awaitable of one's own; what the framework's do is a matter of the async method.
        if (operation.Syntax is AwaitExpressionSyntax syntax && operation.SemanticModel is { } model)
        {
            AwaitExpressionInfo info = model.GetAwaitExpressionInfo(syntax);
            AddOwn(info.GetAwaiterMethod, operation);
            AddOwn(info.IsCompletedProperty?.GetMethod, operation);
            AddOwn(info.GetResultMethod, operation);
        }

        base.VisitAwait(operation);
    }

    public override void VisitDynamicInvocation(IDynamicInvocationOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicMemberReference(IDynamicMemberReferenceOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicObjectCreation(IDynamicObjectCreationOperation operation) =>
        ReportDynamic(operation);

    public override void VisitDynamicIndexerAccess(IDynamicIndexerAccessOperation operation) =>
        ReportDynamic(operation);

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
            ITupleOperation { Parent: IDeconstructionAssignmentOperation } => (false, true),
            _ => (true, false),
        };
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

    // What a local or a parameter holds has been examined where it was made.
    private void AddDelegateCall(IInvocationOperation operation)
    {
        IOperation? instance = operation.Instance;
        if (instance is not null and not ILocalReferenceOperation and not IParameterReferenceOperation
            and not IConditionalAccessInstanceOperation and not IDelegateCreationOperation)
        {
            Report(AllocationRules.Unverified, operation, $"The target of {Name(instance.Type)}");
        }
    }

    // The body of a local function counts as its method's; what makes its task or iterator is the call.
    private void AddCoroutine(IMethodSymbol target, IInvocationOperation operation)
    {
        if (FindLocalFunction(target) is not { Body: { } body })
        {
            return;
        }

        if (target.IsAsync && Suspends([body]) && !IsPooled(target))
        {
            Report(AllocationRules.Task, operation, AsyncText(target));
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

    private void AddDisposal(IOperation resources, bool isAsynchronous)
    {
        ITypeSymbol? type = resources switch
        {
            IVariableDeclarationGroupOperation { Declarations: [{ Declarators: [{ } first, ..] }, ..] } =>
                first.Symbol.Type,
            _ => resources.Type,
        };
        if (type is null || isAsynchronous)
        {
            return;
        }

        ISymbol? dispose = null;
        if (_types.Disposable?.GetMembers("Dispose") is [IMethodSymbol declared])
        {
            dispose = type.TypeKind is TypeKind.Interface or TypeKind.TypeParameter
                ? declared
                : type.FindImplementationForInterfaceMember(declared);
        }

        dispose ??= FindDispose(type);
        if (dispose is IMethodSymbol method)
        {
            bool isVirtual = method.IsAbstract || method.IsVirtual || method.IsOverride;
            AddCall(method, resources, type, isVirtual);
        }
    }

    // A ref struct's, found by its name.
    private static IMethodSymbol? FindDispose(ITypeSymbol type)
    {
        foreach (ISymbol member in type.GetMembers("Dispose"))
        {
            if (member is IMethodSymbol { Parameters.IsEmpty: true } method)
            {
                return method;
            }
        }

        return null;
    }

    private void ReportDynamic(IOperation operation)
    {
        Report(AllocationRules.KnownApi, operation, "What is dynamic is bound when it runs, which");
        DefaultVisit(operation);
    }
}
