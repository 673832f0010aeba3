using System.Reflection;
using System.Reflection.Emit;

namespace Gain.Tests.Generator;

/// <summary>What generated code may not do: allocate, or call what is not known at compile time.</summary>
internal static class IlRules
{
    /// <summary>Every violation in the methods that are chosen.</summary>
    public static IEnumerable<IlFinding> Check(IlReader reader, Func<MethodBase, bool> isChecked) =>
        from method in reader.Methods.Where(isChecked)
        from finding in Check(method.Name, [.. reader.InstructionsOf(method)])
        select finding;

    private static IEnumerable<IlFinding> Check(string method, (OpCode Code, object? Operand)[] instructions)
    {
        for (int i = 0; i < instructions.Length; i++)
        {
            (OpCode code, object? operand) = instructions[i];
            bool isOnStruct = i > 0
                && instructions[i - 1].Code == OpCodes.Constrained
                && instructions[i - 1].Operand is Type constrained
                && IsStruct(constrained);
            if (!isOnStruct && ViolationOf(code, operand) is { } violation)
            {
                yield return new IlFinding(method, violation, operand?.ToString() ?? "");
            }
        }
    }

    // A call through a type parameter that only structs fit is compiled anew for each, and direct.
    private static bool IsStruct(Type type) => type.IsGenericParameter
        ? type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)
        : type.IsValueType;

    private static string? ViolationOf(OpCode code, object? operand)
    {
        if (code == OpCodes.Box
            || code == OpCodes.Newarr
            || code == OpCodes.Ldftn
            || code == OpCodes.Ldvirtftn
            || code == OpCodes.Calli
            || code == OpCodes.Jmp
            || code == OpCodes.Localloc)
        {
            return code.Name;
        }

        if (code == OpCodes.Newobj)
        {
            return ((ConstructorInfo)operand!).DeclaringType!.IsValueType ? null : "newobj";
        }

        if (code == OpCodes.Ldstr)
        {
            return "ldstr";
        }

        bool isCall = code == OpCodes.Call || code == OpCodes.Callvirt;
        return isCall ? CallViolationOf(code, (MethodBase)operand!) : null;
    }

    private static string? CallViolationOf(OpCode code, MethodBase callee)
    {
        Type type = callee.DeclaringType!;
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return "delegate call";
        }

        if (type.IsInterface)
        {
            return "interface call";
        }

        if (callee.IsVirtual || callee.IsAbstract)
        {
            return "virtual call";
        }

        // C# uses callvirt on any class, for its null check; only a sealed class is known to stay direct.
        return code == OpCodes.Callvirt && !type.IsSealed ? "call on an open class" : null;
    }
}
