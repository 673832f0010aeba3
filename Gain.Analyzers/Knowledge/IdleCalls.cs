using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// Calls of members that allocate, whose constant arguments leave them nothing to make: they return what they
/// were given, or what the framework keeps.
/// </summary>
internal static class IdleCalls
{
    // The tasks of these numbers are kept.
    private const int LeastKept = -1;
    private const int MostKept = 8;

    /// <summary>Whether a call is one of them.</summary>
    public static bool IsOne(IOperation operation) => operation switch
    {
        IInvocationOperation { TargetMethod: { ContainingType: { } type } method } call
            when ArgumentTypes.IsInSystem(type) => type.Name switch
            {
                "String" => method.Name is "Substring" or "PadLeft" or "PadRight" && IsZero(call),
                "Task" => method.Name switch
                {
                    "Delay" => IsZero(call),
                    "WhenAll" => call.Arguments is [var none] && IsEmpty(none),
                    "FromResult" => call.Arguments is [var result] && IsKept(result.Value),
                    _ => false,
                },
                _ => false,
            },

        // All of a text is the text.
        IImplicitIndexerReferenceOperation
        {
            Instance.Type.SpecialType: SpecialType.System_String,
            Argument: IRangeOperation { RightOperand: null, LeftOperand: var start },
        } => start is null || IsZero(start),
        _ => false,
    };

    private static bool IsZero(IInvocationOperation call) =>
        call.Arguments is [var only] && IsZero(only.Value);

    private static bool IsZero(IOperation value) => value switch
    {
        { ConstantValue: { HasValue: true, Value: 0 } } => true,
        IConversionOperation { Operand: var operand } => IsZero(operand),
        IFieldReferenceOperation { Field: { Name: "Zero", IsStatic: true } field } =>
            field.ContainingType is { Name: "TimeSpan", ContainingNamespace.Name: "System" },
        _ => false,
    };

    private static bool IsEmpty(IOperation argument) => argument switch
    {
        IArgumentOperation { Value: var value } => IsEmpty(value),
        IConversionOperation { Operand: var operand } => IsEmpty(operand),
        ICollectionExpressionOperation collection => collection.Elements.IsEmpty,
        _ => false,
    };

    // There is one task for each bool, for some numbers, and for what a value type is without a value.
    private static bool IsKept(IOperation value) => value switch
    {
        IDefaultValueOperation => true,
        { ConstantValue: { HasValue: true, Value: var constant } } => constant switch
        {
            null or '\0' => true,
            int number => number is >= LeastKept and <= MostKept,
            float or double or decimal => false,
            string => false,
            IConvertible number when number is not (bool or char) =>
                number.ToDecimal(System.Globalization.CultureInfo.InvariantCulture) == 0,
            _ => false,
        },
        _ => false,
    };
}
