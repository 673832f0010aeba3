using Gain.Analyzers.Allocation;
using Gain.Analyzers.HotPath;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Gain.Analyzers.Knowledge;

/// <summary>
/// Members of encodings: they make an object to replace what is not valid, and what comes from a peer need
/// not be.
/// </summary>
internal static class EncodedInput
{
    /// <summary>The site that a call is, or null.</summary>
    public static Site? Judge(IMethodSymbol method, Location location)
    {
        string? remedy = method.Name switch
        {
            "GetCharCount" => "Utf8.ToUtf16",
            "GetByteCount" or "GetBytes" or "TryGetBytes" => "Utf8.FromUtf16",
            _ => null,
        };
        if (remedy is null || method.ReturnType is IArrayTypeSymbol || !IsEncodings(method))
        {
            return null;
        }

        string name = method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);
        return new Site(
            AllocationRules.KnownApi,
            location,
            $"{name}, where it replaces input that is not valid ({remedy} of System.Text.Unicode does not),");
    }

    /// <summary>Whether the input of a call can be seen to be valid.</summary>
    public static bool IsValid(IOperation operation) =>
        operation is IInvocationOperation { Arguments: [var first, ..] } call
        && IsEncodings(call.TargetMethod)
        && (IsLatin1Decoded(call) || IsValidText(first.Value));

    // Each byte is a character of it.
    private static bool IsLatin1Decoded(IInvocationOperation call) =>
        call.Instance is IPropertyReferenceOperation { Property.Name: "Latin1" }
        && call.TargetMethod.Name.Contains("Char");

    private static bool IsValidText(IOperation value)
    {
        switch (value)
        {
            case IConversionOperation { Operand: var operand }:
                return IsValidText(operand);
            case IInvocationOperation { TargetMethod.Name: "AsSpan", Arguments: [var text] }:
                return IsValidText(text.Value);
            default:
                return value.ConstantValue is { HasValue: true, Value: string constant }
                    && !HasHalfPair(constant);
        }
    }

    private static bool HasHalfPair(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    // An encoder or a decoder keeps the object.
    private static bool IsEncodings(IMethodSymbol method)
    {
        for (INamedTypeSymbol? type = method.ContainingType; type is not null; type = type.BaseType)
        {
            if (type is { Name: "Encoding", ContainingNamespace.Name: "Text" }
                && ArgumentTypes.IsInSystem(type))
            {
                return true;
            }
        }

        return false;
    }
}
