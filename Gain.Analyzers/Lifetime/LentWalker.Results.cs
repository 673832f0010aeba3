using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>What calls give back, and what a method still has after it has.</summary>
internal sealed partial class LentWalker
{
    private bool HoldsResult(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (_source.Syntax == call.Syntax)
        {
            return true;
        }

        switch (method.MethodKind)
        {
            case MethodKind.LocalFunction:
                return _returning.Contains(method.OriginalDefinition);
            case MethodKind.DelegateInvoke:
                return call.Instance is { } instance && Holds(instance);
            default:
                return _flows.Targets.IsOwn(method) && !KnownUses.IsNative(method)
                    ? ReturnsArgument(call)
                    : HoldsExternalResult(call);
        }
    }

    private bool ReturnsArgument(IInvocationOperation call)
    {
        foreach (LentSource source in SourcesOf(call.Instance, call.Arguments))
        {
            if (OwnTargets(call.TargetMethod, call).Any(target => _flows.Of(target, source).Returns))
            {
                return true;
            }
        }

        return false;
    }

    private IEnumerable<LentSource> SourcesOf(
        IOperation? instance, ImmutableArray<IArgumentOperation> arguments)
    {
        if (instance is not null
            && SourceOf(instance, isByReference: false, LentSource.Receiver) is { } receiver)
        {
            yield return receiver;
        }

        foreach (IArgumentOperation argument in arguments)
        {
            if (argument.Parameter is { } parameter
                && SourceOf(argument.Value, parameter.RefKind != RefKind.None, parameter.Ordinal)
                    is { } source)
            {
                yield return source;
            }
        }
    }

    private bool HoldsExternalResult(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        bool isReference = method.ReturnsByRef || method.ReturnsByRefReadonly;
        if (!SourcesOf(call.Instance, call.Arguments).Any())
        {
            return false;
        }

        if (isReference || method.ReturnType.IsRefLikeType)
        {
            return true;
        }

        // What is read from there is another's.
        if (method.Name.StartsWith("Read", StringComparison.Ordinal))
        {
            return false;
        }

        return method.ReturnType.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer
            || KnownUses.ReturnsAddress(method)
            || method.ContainingType is { Name: "ValueTuple" or "KeyValuePair" }
            || (method.ReturnType.IsReferenceType
                && call.Arguments.Any(argument => Unconverted(argument.Value)
                    is IAnonymousFunctionOperation && Holds(argument.Value)));
    }

    private bool HoldsNew(IObjectCreationOperation creation)
    {
        if (creation.Initializer is { } initializer
            && creation.Type is { IsReferenceType: false }
            && initializer.Initializers.Any(Holds))
        {
            return true;
        }

        if (creation.Constructor is not { } constructor)
        {
            return false;
        }

        bool isOwn = _flows.Targets.IsOwn(constructor);
        return creation.Type is { IsReferenceType: false }
            && SourcesOf(null, creation.Arguments).Any(source => isOwn
                ? _flows.Of(constructor, source).Receiver.Count > 0
                : creation.Type.IsRefLikeType
                    || creation.Arguments.Any(argument => argument.Value.Type is { IsRefLikeType: false }
                        && Holds(argument.Value)));
    }

    // What an async method has after it has waited, and an iterator, its caller's callback has left behind.
    private void AddLaterUse()
    {
        IOperation[] all = [.. _roots.SelectMany(static root => root.Descendants())];
        _flow.Returns |= all.Any(static one =>
            one.Kind is OperationKind.YieldReturn or OperationKind.YieldBreak) && Uses(all).Any();
        if (!_method.IsAsync || all.FirstOrDefault(static one => one is IAwaitOperation) is not { } wait)
        {
            return;
        }

        foreach (IOperation use in Uses(all))
        {
            if (use.Syntax.SpanStart > wait.Syntax.Span.End || IsInSameLoop(use, wait))
            {
                Add(use, $"{Escape.Name(_method)}, which is async, still has after an await");
                return;
            }
        }
    }

    private IEnumerable<IOperation> Uses(IEnumerable<IOperation> operations) =>
        operations.Where(one =>
            one is ILocalReferenceOperation or IParameterReferenceOperation && Holds(one));

    private static bool IsInSameLoop(IOperation use, IOperation wait)
    {
        for (SyntaxNode? at = wait.Syntax; at is not null; at = at.Parent)
        {
            if (at is WhileStatementSyntax or DoStatementSyntax or ForStatementSyntax
                or CommonForEachStatementSyntax)
            {
                return at.Span.Contains(use.Syntax.Span);
            }
        }

        return false;
    }
}
