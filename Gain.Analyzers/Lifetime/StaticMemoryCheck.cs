using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Lifetime;

/// <summary>
/// Memory that is sent from where it lies, and is moved, freed or used again before it has been sent.
/// </summary>
internal sealed class StaticMemoryCheck(INamedTypeSymbol connection)
{
    // A slice of a slice of a variable of a variable.
    private const int MaxDepth = 8;

    public void Analyze(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.TargetMethod.Name is not ("SendStatic" or "TrySendStatic")
            || !SymbolEqualityComparer.Default.Equals(call.TargetMethod.ContainingType, connection)
            || call.Arguments is not [{ Value: var data }]
            || WhatIs(data, MaxDepth) is not { } what)
        {
            return;
        }

        string copying = call.TargetMethod.Name == "SendStatic" ? "Send" : "TrySend";
        context.ReportDiagnostic(Diagnostic.Create(
            LifetimeRules.NotStatic, data.Syntax.GetLocation(), call.TargetMethod.Name, what, copying));
    }

    // What is wrong with a value; null of what is right, and of what nobody knows here.
    private static string? WhatIs(IOperation value, int depth)
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
            case IPropertyReferenceOperation { Instance: { } instance }
                when instance.Type is { Name: "Memory" or "ReadOnlyMemory" or "Span" or "ReadOnlySpan" }:
                return WhatIs(instance, depth - 1);
            case IImplicitIndexerReferenceOperation { Instance: { } sliced }:
                return WhatIs(sliced, depth - 1);
            default:
                return null;
        }
    }

    // data[1..], data.Slice(1), array.AsSpan(), MemoryMarshal.AsBytes(…).
    private static string? WhatIsMade(IInvocationOperation call, int depth)
    {
        if (call.TargetMethod.Name is not ("Slice" or "AsSpan" or "AsBytes" or "Cast" or "AsMemory"
            or "CreateSpan" or "CreateReadOnlySpan" or "Trim" or "TrimStart" or "TrimEnd"))
        {
            return null;
        }

        IOperation? origin = call.Instance ?? call.Arguments.FirstOrDefault()?.Value;
        return origin is null ? null : WhatIs(origin, depth);
    }

    private static string? WhatWasPutInto(ILocalSymbol local, IOperation use, int depth)
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
            if (value is not null && WhatIs(value, depth) is { } what)
            {
                return what;
            }
        }

        return null;
    }

    // new byte[] { 1, 2 } as a ReadOnlySpan<byte> is data of the assembly.
    private static bool IsConstant(IArrayCreationOperation array) =>
        array.Parent is IConversionOperation { Type.Name: "ReadOnlySpan" }
        && array.Initializer is { } initializer
        && initializer.ElementValues.All(static one => one.ConstantValue.HasValue);
}
