using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Reflection.Metadata;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What calls do with what they are given.</summary>
internal sealed partial class LentWalker
{
    private void VisitCall(IInvocationOperation call)
    {
        switch (call.TargetMethod.MethodKind)
        {
            case MethodKind.LocalFunction:
                Pass(call.TargetMethod.OriginalDefinition.Parameters, call.Arguments);
                break;
            case MethodKind.DelegateInvoke:
                VisitDelegateCall(call);
                break;
            default:
                VisitArguments(call.TargetMethod, call.Arguments, call);
                break;
        }
    }

    private void VisitArguments(
        IMethodSymbol method, ImmutableArray<IArgumentOperation> arguments, IOperation call)
    {
        IOperation? instance = (call as IInvocationOperation)?.Instance;
        if (instance is not null
            && SourceOf(instance, isByReference: false, LentSource.Receiver) is { } receiver)
        {
            foreach (IMethodSymbol target in OwnTargets(method, call))
            {
                Use(target, receiver, LocationOf(instance), instance, arguments);
            }
        }

        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is not { } parameter
                || SourceOf(argument.Value, parameter.RefKind != RefKind.None, parameter.Ordinal)
                    is not { } source)
            {
                continue;
            }

            if (_flows.Targets.IsOwn(method) && !KnownUses.IsNative(method))
            {
                foreach (IMethodSymbol target in OwnTargets(method, call))
                {
                    Use(target, source, LocationOf(argument.Value), instance, arguments);
                }
            }
            else
            {
                UseExternally(method, argument, source, arguments, call);
            }
        }
    }

    // One of the compilation's own; those of others return, and keep nothing.
    private void VisitOperator(IMethodSymbol method, params IOperation[] operands)
    {
        if (!_flows.Targets.IsOwn(method))
        {
            return;
        }

        for (int i = 0; i < operands.Length && i < method.Parameters.Length; i++)
        {
            if (SourceOf(operands[i], method.Parameters[i].RefKind != RefKind.None, i) is { } source)
            {
                Use(method, source, LocationOf(operands[i]), instance: null, []);
            }
        }
    }

    // s += p: by the operator of two operands, or by one that changes s.
    private void VisitCompound(IMethodSymbol method, ICompoundAssignmentOperation compound)
    {
        if (method.IsStatic)
        {
            VisitOperator(method, compound.Target, compound.Value);
        }
        else if (SourceOf(compound.Value, isByReference: false, 0) is { } source)
        {
            Use(method, source, LocationOf(compound.Value), compound.Target, []);
        }
    }

    // How an argument brings lent memory into a method, if it does.
    private LentSource? SourceOf(IOperation value, bool isByReference, int ordinal)
    {
        if ((isByReference || ordinal == LentSource.Receiver) && IsPlace(value))
        {
            return new LentSource(ordinal, isPlace: true);
        }

        return Holds(value) ? new LentSource(ordinal, isPlace: false) : null;
    }

    private IEnumerable<IMethodSymbol> OwnTargets(IMethodSymbol method, IOperation call)
    {
        (ITypeSymbol? receiver, bool isVirtual) = call is IInvocationOperation invocation
            ? (invocation.ConstrainedToType ?? invocation.Instance?.Type,
                invocation.IsVirtual || invocation.ConstrainedToType is not null)
            : (null, false);
        return _flows.Targets.Of(method, receiver, isVirtual, _substitution).Where(_flows.Targets.IsOwn);
    }

    private void Use(
        IMethodSymbol target,
        LentSource source,
        Location from,
        IOperation? instance,
        ImmutableArray<IArgumentOperation> arguments)
    {
        LentFlow flow = _flows.Of(target, source);
        foreach (Escape escape in flow.Escapes)
        {
            Add(escape.Through(target, from));
        }

        if (flow.Receiver is [var kept, ..] && instance is not null)
        {
            Keep(instance, new Cause(from, kept, target));
        }

        foreach (KeyValuePair<int, Escape> written in flow.Parameters)
        {
            foreach (IArgumentOperation argument in arguments)
            {
                if (argument.Parameter is not { } parameter || parameter.Ordinal != written.Key)
                {
                    continue;
                }

                var cause = new Cause(from, written.Value, target);
                KeepIn(argument.Value, parameter.Type, cause, parameter.RefKind == RefKind.None);
            }
        }
    }

    private void UseExternally(
        IMethodSymbol method,
        IArgumentOperation argument,
        LentSource source,
        ImmutableArray<IArgumentOperation> arguments,
        IOperation call)
    {
        IOperation value = argument.Value;
        bool isStatic = SymbolEqualityComparer.Default.Equals(method.ContainingType, _flows.Connection);
        if (isStatic && method.Name is "SendStatic" or "TrySendStatic")
        {
            Add(value, $"{method.Name}, which sends from where the bytes lie, keeps");
            return;
        }

        // The compiler holds other assemblies to its rules for references and spans.
        if (source.IsPlace || value.Type is { IsRefLikeType: true })
        {
            return;
        }

        if (KnownUses.IsDeferring(method.ContainingType))
        {
            Add(value, $"{Escape.Name(method)} takes to another thread");
        }
        else if (Unconverted(value) is IAnonymousFunctionOperation or IMethodReferenceOperation
            || value.Type is { TypeKind: TypeKind.Delegate })
        {
            if (!KnownUses.IsFramework(method.ContainingType))
            {
                Add(value, $"{Escape.Name(method)}, which may call it later, is given");
            }
        }
        else if (KnownUses.IsUse(method))
        {
            // Interlocked.Exchange(ref s_address, address).
            var cause = new Cause(LocationOf(value));
            KeepInReferences(arguments, argument, cause);
            KeepInFilled(method, call, argument, cause);
            if (argument.Parameter!.Ordinal > 0 && KnownUses.IsStore(method))
            {
                KeepThrough(arguments[0].Value, cause);
            }
        }
        else if (call is not IObjectCreationOperation { Type.IsValueType: true })
        {
            Add(value, $"{Escape.Name(method)} may keep");
        }
    }

    private void KeepInReferences(
        ImmutableArray<IArgumentOperation> arguments, IArgumentOperation given, Cause cause)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument != given
                && argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out } parameter
                && AddressTypes.CanHold(argument.Value.Type)
                && !parameter.Type.IsRefLikeType)
            {
                Keep(argument.Value, cause);
            }
        }
    }

    // A lambda in a variable of the method is looked at where it stands; what a caller passes is that one's.
    private void VisitDelegateCall(IInvocationOperation call)
    {
        switch (call.Instance is { } instance ? Unconverted(instance) : null)
        {
            case ILocalReferenceOperation { Local: var local }:
                foreach (IAnonymousFunctionOperation function in FunctionsIn(local))
                {
                    Pass(function.Symbol.Parameters, call.Arguments);
                }

                break;
            case IAnonymousFunctionOperation function:
                Pass(function.Symbol.Parameters, call.Arguments);
                break;
            case IParameterReferenceOperation:
                break;
            default:
                foreach (IArgumentOperation argument in call.Arguments)
                {
                    if (argument.Value.Type is { IsRefLikeType: false } && Holds(argument.Value))
                    {
                        string type = call.Instance?.Type is { } called ? Escape.Name(called) : "a delegate";
                        Add(argument.Value, $"The target of {type} may keep");
                    }
                }

                break;
        }
    }

    private void VisitFunctionPointer(IFunctionPointerInvocationOperation call)
    {
        // As with other native code.
        if (call.Target.Type is IFunctionPointerTypeSymbol { Signature.CallingConvention: not
            SignatureCallingConvention.Default })
        {
            return;
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (argument.Value.Type is { IsRefLikeType: false } && Holds(argument.Value))
            {
                Add(argument.Value, "The target of a function pointer may keep");
            }
        }
    }

    // A function within the method shares its variables, and so its parameters are among them.
    private void Pass(
        ImmutableArray<IParameterSymbol> parameters, ImmutableArray<IArgumentOperation> arguments)
    {
        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is { Ordinal: var ordinal, RefKind: var kind }
                && ordinal < parameters.Length
                && SourceOf(argument.Value, kind != RefKind.None, ordinal) is { } source)
            {
                Mark(source.IsPlace ? _places : _held, parameters[ordinal]);
            }
        }
    }

    private IEnumerable<IAnonymousFunctionOperation> FunctionsIn(ILocalSymbol local)
    {
        foreach (IOperation value in ValuesOf(local))
        {
            if (Unconverted(value) is IAnonymousFunctionOperation function)
            {
                yield return function;
            }
        }
    }
}
