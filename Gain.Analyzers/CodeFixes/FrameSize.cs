using System.Linq;
using Microsoft.CodeAnalysis;

namespace Gain.Analyzers.CodeFixes;

/// <summary>How much of a frame a value takes.</summary>
internal static class FrameSize
{
    /// <summary>A number of bytes that a value of an unmanaged type takes at most; null if unknown.</summary>
    public static long? Of(ITypeSymbol type) => type switch
    {
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => 8,
        INamedTypeSymbol { EnumUnderlyingType: { } underlying } => Of(underlying),
        { SpecialType: not SpecialType.None } => OfSpecial(type.SpecialType),

        // Of what other assemblies declare, fields may be hidden.
        INamedTypeSymbol { TypeKind: TypeKind.Struct, Locations: [{ IsInSource: true }, ..] } named =>
            OfFields(named),
        _ => null,
    };

    private static long? OfSpecial(SpecialType type) => type switch
    {
        SpecialType.System_Boolean or SpecialType.System_SByte or SpecialType.System_Byte => 1,
        SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16 => 2,
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single => 4,
        SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double => 8,
        SpecialType.System_IntPtr or SpecialType.System_UIntPtr => 8,
        SpecialType.System_Decimal => 16,
        _ => null,
    };

    private static long? OfFields(INamedTypeSymbol type)
    {
        // An inline array has more elements than fields; a layout may leave room.
        if (!type.GetAttributes().IsEmpty)
        {
            return null;
        }

        long sum = 0;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            if (field.IsStatic || field.IsConst)
            {
                continue;
            }

            if (field.IsFixedSizeBuffer || Of(field.Type) is not { } bytes)
            {
                return null;
            }

            // As if each were aligned like the largest.
            sum += System.Math.Max(bytes, 8);
        }

        return System.Math.Max(sum, 1);
    }
}
