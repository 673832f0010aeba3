using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace Gain.Tests.Generator;

/// <summary>Reads the instructions of an assembly's methods, with what they refer to.</summary>
internal sealed class IlReader : IDisposable
{
    private const byte TwoBytePrefix = 0xFE;

    private static readonly Dictionary<int, OpCode> s_opCodes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly Module _module;

    public IlReader(byte[] assembly)
    {
        _file = new PEReader(new MemoryStream(assembly));
        _metadata = _file.GetMetadataReader();
        _module = Assembly.Load(assembly).ManifestModule;
    }

    /// <summary>Every method with a body.</summary>
    public IEnumerable<MethodBase> Methods =>
        _metadata.MethodDefinitions
            .Where(handle => _metadata.GetMethodDefinition(handle).RelativeVirtualAddress != 0)
            .Select(handle => _module.ResolveMethod(MetadataTokens.GetToken(handle))!);

    /// <summary>The instructions of a method; the operand is null, a token's member, or a number.</summary>
    public IEnumerable<(OpCode Code, object? Operand)> InstructionsOf(MethodBase method)
    {
        var handle = (MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken);
        int address = _metadata.GetMethodDefinition(handle).RelativeVirtualAddress;
        BlobReader il = _file.GetMethodBody(address).GetILReader();
        var instructions = new List<(OpCode, object?)>();
        while (il.RemainingBytes > 0)
        {
            int value = il.ReadByte();
            OpCode code = s_opCodes[value == TwoBytePrefix ? value << 8 | il.ReadByte() : value];
            instructions.Add((code, ReadOperand(ref il, code, method)));
        }

        return instructions;
    }

    public void Dispose() => _file.Dispose();

    private object? ReadOperand(ref BlobReader il, OpCode code, MethodBase method)
    {
        switch (code.OperandType)
        {
            case OperandType.InlineNone:
                return null;
            case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                return il.ReadByte();
            case OperandType.InlineVar:
                return il.ReadInt16();
            case OperandType.InlineI8 or OperandType.InlineR:
                return il.ReadInt64();
            case OperandType.InlineSwitch:
                int targets = il.ReadInt32();
                il.Offset += targets * sizeof(int);
                return targets;
            case OperandType.InlineField or OperandType.InlineMethod:
            case OperandType.InlineTok or OperandType.InlineType:
                return Resolve(il.ReadInt32(), method);
            default:
                return il.ReadInt32();
        }
    }

    private MemberInfo? Resolve(int token, MethodBase method) => _module.ResolveMember(
        token,
        method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null,
        method.IsGenericMethod ? method.GetGenericArguments() : null);
}
