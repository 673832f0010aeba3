using System.Collections.Generic;
using System.Collections.Immutable;
using Gain.Analyzers.Allocation;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.HotPath;

/// <summary>Lambdas, local functions, method groups and events.</summary>
internal sealed partial class BodyWalker
{
    public override void VisitDelegateCreation(IDelegateCreationOperation operation)
    {
        switch (operation.Target)
        {
            case IAnonymousFunctionOperation function:
                AddFunction(CapturesOf(function), "The lambda", function);
                if (!Deferral.IsDeferred(operation)
                    && WellKnownTypes.Find(function.Symbol, _types.AllowAllocation) is null)
                {
                    AddCoroutine(function);
                    Visit(function.Body);
                }

                return;
            case IMethodReferenceOperation reference:
                AddMethodGroup(reference, operation);
                break;
            default:
                Report(AllocationRules.Delegate, operation, $"A {Name(operation.Type)} is created");
                break;
        }

        base.VisitDelegateCreation(operation);
    }

    public override void VisitArgument(IArgumentOperation operation)
    {
        // What is called gets a delegate that was not made here, and may run it.
        if (operation.Value.Type is INamedTypeSymbol { DelegateInvokeMethod: { } invoke }
            && operation.Parameter is { RefKind: not RefKind.Out } && !Deferral.IsDeferred(operation.Value))
        {
            AddDelegateCall(operation.Value, invoke, operation);
        }

        base.VisitArgument(operation);
    }

    public override void VisitLocalFunction(ILocalFunctionOperation operation)
    {
        if (WellKnownTypes.Find(operation.Symbol, _types.AllowAllocation) is null)
        {
            base.VisitLocalFunction(operation);
        }
    }

    public override void VisitEventAssignment(IEventAssignmentOperation operation)
    {
        if (AccessorOf(operation) is { } accessor)
        {
            AddCall(accessor, operation);
        }
        else
        {
            Report(AllocationRules.Delegate, operation, "The combination of delegates is a new one");
        }

        base.VisitEventAssignment(operation);
    }

    // The one that somebody wrote, and who knows what it does with the delegate.
    private static IMethodSymbol? AccessorOf(IEventAssignmentOperation operation)
    {
        IMethodSymbol? accessor = operation.EventReference is IEventReferenceOperation { Event: var target }
            ? operation.Adds ? target.AddMethod : target.RemoveMethod
            : null;
        accessor = accessor?.PartialImplementationPart ?? accessor;
        return accessor is { IsImplicitlyDeclared: false, DeclaringSyntaxReferences.IsEmpty: false }
            ? accessor
            : null;
    }

    // What was made in this method has been examined there.
    private void AddDelegateCall(IOperation? value, IMethodSymbol invoke, IOperation operation)
    {
        if (value is null)
        {
            return;
        }

        (ImmutableArray<ISymbol> holders, bool isUnknown) = DelegateTrace.Of(value, _roots);
        foreach (ISymbol holder in holders)
        {
            AddCall(invoke, operation, holder: holder);
        }

        if (isUnknown)
        {
            AddCall(invoke, operation);
        }
    }

    private void AddMethodGroup(IMethodReferenceOperation reference, IDelegateCreationOperation creation)
    {
        IMethodSymbol method = reference.Method;
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            Captures captures = FindLocalFunction(method) is { } function ? CapturesOf(function) : default;
            AddFunction(captures, $"{method.Name}, made a delegate,", creation);
            if (captures is { First: null, This: false } && !method.IsStatic)
            {
                Report(
                    AllocationRules.Delegate,
                    creation,
                    $"A delegate of {method.Name} is created: only that of a static one is kept");
            }

            return;
        }

        // C# 11 and later cache the delegate of a static method, once for each type argument; not the one
        // that is asked for by 'new'.
        bool isNew = creation.Syntax is BaseObjectCreationExpressionSyntax;
        if (!method.IsStatic || reference.Instance is not null || method.IsAbstract || isNew)
        {
            Report(AllocationRules.Delegate, creation, $"A delegate of {Name(method)} is created");
        }

        if (!Deferral.IsDeferred(creation))
        {
            AddCall(method, creation, reference.Instance?.Type
                ?? reference.ConstrainedToType, reference.IsVirtual);
        }
    }

    private void AddFunction(Captures captures, string subject, IOperation operation)
    {
        if (captures.First is { } first && _throwPath is not IAwaitOperation
            && (_throwPath is null || IsDeclaredOutside(first, _throwPath)))
        {
            // The object of the captured variables is made where they are declared, so that a lambda which
            // only a throw needs costs the hot path too.
            _sites.Add(new Site(
                AllocationRules.Closure,
                LocationOf(operation.Syntax),
                $"{subject} captures '{first.Name}': a closure and a delegate are created"));
        }
        else if (captures.First is null && captures.This)
        {
            Report(AllocationRules.Delegate, operation, $"{subject} captures 'this': a delegate is created");
        }
    }

    private void AddCoroutine(IAnonymousFunctionOperation function)
    {
        if (AsyncText(function.Symbol, "The lambda", [function.Body]) is { } text)
        {
            Report(AllocationRules.Task, function, text);
        }
    }

    private static bool IsDeclaredOutside(ISymbol variable, IOperation path)
    {
        foreach (SyntaxReference reference in variable.DeclaringSyntaxReferences)
        {
            if (reference.SyntaxTree == path.Syntax.SyntaxTree && path.Syntax.Span.Contains(reference.Span))
            {
                return false;
            }
        }

        return true;
    }

    private ILocalFunctionOperation? FindLocalFunction(IMethodSymbol symbol)
    {
        if (_localFunctions is null)
        {
            _localFunctions =
                new Dictionary<IMethodSymbol, ILocalFunctionOperation>(SymbolEqualityComparer.Default);
            foreach (IOperation root in _roots)
            {
                foreach (IOperation operation in root.Descendants())
                {
                    if (operation is ILocalFunctionOperation function)
                    {
                        _localFunctions[function.Symbol] = function;
                    }
                }
            }
        }

        return _localFunctions.TryGetValue(symbol.OriginalDefinition, out ILocalFunctionOperation? found)
            ? found
            : null;
    }

    private Captures CapturesOf(IOperation function)
    {
        IMethodSymbol symbol = function is ILocalFunctionOperation local
            ? local.Symbol
            : ((IAnonymousFunctionOperation)function).Symbol;
        return CapturesOf(function, symbol, []);
    }

    private Captures CapturesOf(IOperation function, IMethodSymbol symbol, HashSet<IOperation> seen)
    {
        var found = default(Captures);
        if (!seen.Add(function))
        {
            return found;
        }

        foreach (IOperation operation in function.Descendants())
        {
            switch (operation)
            {
                case ILocalReferenceOperation { Local: { IsConst: false } variable }:
                    found.Add(variable, symbol);
                    break;
                case IParameterReferenceOperation { Parameter: var parameter }:
                    found.Add(parameter, symbol);
                    break;
                case IInstanceReferenceOperation reference
                    when reference.ReferenceKind == InstanceReferenceKind.ContainingTypeInstance:
                    found.This = true;
                    break;
                case IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction } called }
                    when FindLocalFunction(called) is { } body && !Encloses(symbol, called):
                    found.Add(CapturesOf(body, called.OriginalDefinition, seen), symbol);
                    break;
                case IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction } called }
                    when FindLocalFunction(called) is { } body && !Encloses(symbol, called):
                    found.Add(CapturesOf(body, called.OriginalDefinition, seen), symbol);
                    break;
                default:
                    break;
            }
        }

        return found;
    }

    internal static bool Encloses(ISymbol outer, ISymbol symbol)
    {
        for (ISymbol? at = symbol.ContainingSymbol; at is not null
            and not ITypeSymbol; at = at.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, outer.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
