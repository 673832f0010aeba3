using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Memory that is sent from where it lies, and is moved, freed or used again before it has been sent.
/// </summary>
internal sealed class StaticMemoryCheck(CallTargets targets, INamedTypeSymbol connection)
{
    // A slice of a slice of a variable of a variable.
    private const int MaxDepth = 8;

    public void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        foreach ((IOperation data, string name) in SentInPlace(call, MaxDepth, context.CancellationToken))
        {
            if (WhatIs(data, MaxDepth) is { } what)
            {
                string copying = name == "SendStatic" ? "Send" : "TrySend";
                context.ReportDiagnostic(Diagnostic.Create(
                    LifetimeRules.NotStatic, data.Syntax.GetLocation(), name, what, copying));
            }
        }
    }

    // The argument of the call itself, or those that a method of the compilation passes on to it.
    private IEnumerable<(IOperation Data, string Name)> SentInPlace(
        IInvocationOperation call, int depth, CancellationToken cancellation)
    {
        IMethodSymbol method = call.TargetMethod;
        if (method.Name is "SendStatic" or "TrySendStatic"
            && SymbolEqualityComparer.Default.Equals(method.ContainingType, connection))
        {
            return [.. call.Arguments.Take(1).Select(one => (one.Value, method.Name))];
        }

        if (depth == 0 || !targets.IsOwn(method) || !call.Arguments.Any(IsConnection)
            || !call.Arguments.Any(static one => IsSpan(one.Value.Type)))
        {
            return [];
        }

        return
        [
            .. targets.BodiesOf(method, cancellation)
                .SelectMany(static body => body.Descendants().OfType<IInvocationOperation>())
                .SelectMany(inner => SentInPlace(inner, depth - 1, cancellation))
                .Select(sent => (Argument: call.Arguments.FirstOrDefault(one => one.Parameter is { } parameter
                    && SymbolEqualityComparer.Default.Equals(
                        parameter.OriginalDefinition, ParameterOf(sent.Data))), sent.Name))
                .Where(static one => one.Argument is not null)
                .Select(static one => (one.Argument!.Value, one.Name)),
        ];
    }

    private bool IsConnection(IArgumentOperation argument) =>
        SymbolEqualityComparer.Default.Equals(argument.Value.Type, connection);

    private static bool IsSpan(ITypeSymbol? type) => type is { Name: "Span" or "ReadOnlySpan" };

    // The parameter that a value is, or is a part of.
    private static IParameterSymbol? ParameterOf(IOperation value) => value switch
    {
        IParameterReferenceOperation reference => reference.Parameter,
        IConversionOperation conversion => ParameterOf(conversion.Operand),
        IInvocationOperation { TargetMethod.Name: "Slice", Instance: { } instance } => ParameterOf(instance),
        IImplicitIndexerReferenceOperation { Instance: { } sliced } => ParameterOf(sliced),
        _ => null,
    };

    // What is wrong with a value; null of what is right, and of what nobody knows here.
    private string? WhatIs(IOperation value, int depth)
    {
        if (depth == 0)
        {
            return null;
        }

        switch (value)
        {
            case IConversionOperation { Operand: IArrayCreationOperation made } when IsConstant(made):
                return null;
            case IConversionOperation { Operand: var operand }:
                return WhatIs(operand, depth - 1);
            case { Syntax: StackAllocArrayCreationExpressionSyntax
                or ImplicitStackAllocArrayCreationExpressionSyntax }:
                return "the frame of this method";
            case ICollectionExpressionOperation collection:
                return collection.Elements.All(static one => one.ConstantValue.HasValue)
                    && collection.Type is { Name: "ReadOnlySpan" }
                        ? null
                        : "the frame of this method";
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return WhatIs(conditional.WhenTrue, depth - 1) ?? WhatIs(whenFalse, depth - 1);
            case ILocalReferenceOperation { Local: var local } when local.Type is not IArrayTypeSymbol:
                return WhatWasPutInto(local, value, depth - 1);
            case { Type: IArrayTypeSymbol }:
                return "an array";
            case { Type.SpecialType: SpecialType.System_String }:
                return "a string";
            case IInvocationOperation call:
                return WhatIsMade(call, depth - 1);
            case IObjectCreationOperation { Arguments: [var first, ..] }
                when first.Value.Type is IArrayTypeSymbol:
                return "an array";
            case IObjectCreationOperation { Arguments: [{ Parameter.RefKind: not RefKind.None } first] }:
                return WhatIsReferred(first.Value);
            case IPropertyReferenceOperation { Instance: { } instance }
                when instance.Type is { Name: "Memory" or "ReadOnlyMemory" }:
                return IsOfManager(instance, depth - 1)
                    ? null
                    : WhatIs(instance, depth - 1) ?? "a block of managed memory";
            case IPropertyReferenceOperation { Instance: { } instance } when IsSpan(instance.Type):
                return WhatIs(instance, depth - 1);
            case IPropertyReferenceOperation { Property.GetMethod: { } getter } when targets.IsOwn(getter):
                return WhatIsReturned(getter, depth - 1);
            case IImplicitIndexerReferenceOperation { Instance: { } sliced }:
                return WhatIs(sliced, depth - 1);
            default:
                return null;
        }
    }

    // The author of a memory manager knows whether its memory is native.
    private static bool IsOfManager(IOperation memory, int depth)
    {
        switch (depth == 0 ? null : memory)
        {
            case IPropertyReferenceOperation { Property.Name: "Memory", Instance.Type: { } type }:
                return IsManager(type);
            case IConversionOperation { Operand: var operand }:
                return IsOfManager(operand, depth - 1);
            case IImplicitIndexerReferenceOperation { Instance: { } sliced }:
                return IsOfManager(sliced, depth - 1);
            case IInvocationOperation { TargetMethod.Name: "Slice", Instance: { } sliced }:
                return IsOfManager(sliced, depth - 1);
            case ILocalReferenceOperation { Local: var local }:
                IOperation[] values = [.. ValuesOf(local, memory)];
                return values.Length > 0 && values.All(value => IsOfManager(value, depth - 1));
            default:
                return false;
        }
    }

    private static bool IsManager(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type is { Name: "MemoryManager", ContainingNamespace.Name: "Buffers" })
            {
                return true;
            }
        }

        return false;
    }

    // A variable's own place; what a reference refers to is not known.
    private static string? WhatIsReferred(IOperation value) => value switch
    {
        ILocalReferenceOperation { Local.RefKind: RefKind.None } => "the frame of this method",
        IParameterReferenceOperation { Parameter.RefKind: RefKind.None } => "the frame of this method",
        IFieldReferenceOperation => "a field",
        _ => null,
    };

    private string? WhatIsReturned(IMethodSymbol method, int depth)
    {
        foreach (IReturnOperation returned in targets.BodiesOf(method, default)
            .SelectMany(static body => body.Descendants().OfType<IReturnOperation>()))
        {
            if (returned.ReturnedValue is { } value && WhatIs(value, depth) is { } what)
            {
                return what;
            }
        }

        return null;
    }

    // data[1..], data.Slice(1), array.AsSpan(), MemoryMarshal.AsBytes(…).
    private string? WhatIsMade(IInvocationOperation call, int depth)
    {
        if (targets.IsOwn(call.TargetMethod))
        {
            return WhatIsReturned(call.TargetMethod, depth);
        }

        if (call.TargetMethod.Name is "CreateSpan" or "CreateReadOnlySpan")
        {
            return call.Arguments is [var reference, ..] ? WhatIsReferred(reference.Value) : null;
        }

        if (call.TargetMethod.Name is not ("Slice" or "AsSpan" or "AsBytes" or "Cast" or "AsMemory"
            or "Trim" or "TrimStart" or "TrimEnd"))
        {
            return null;
        }

        IOperation? origin = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        return origin is null ? null : WhatIs(origin, depth);
    }

    private string? WhatWasPutInto(ILocalSymbol local, IOperation use, int depth)
    {
        foreach (IOperation value in ValuesOf(local, use))
        {
            if (WhatIs(value, depth) is { } what)
            {
                return what;
            }
        }

        return null;
    }

    private static IEnumerable<IOperation> ValuesOf(ILocalSymbol local, IOperation use)
    {
        IOperation root = use;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        foreach (IOperation operation in root.Descendants())
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

    // new byte[] { 1, 2 } as a ReadOnlySpan<byte> is data of the assembly.
    private static bool IsConstant(IArrayCreationOperation array) =>
        array.Parent is IConversionOperation { Type.Name: "ReadOnlySpan" }
        && array.Initializer is { } initializer
        && initializer.ElementValues.All(static one => one.ConstantValue.HasValue);
}
