using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>An instruction of a classic BPF program: the kernel's <c>struct sock_filter</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BpfInstruction
{
    /// <summary>Makes one of its parts.</summary>
    /// <param name="code">What it does.</param>
    /// <param name="jumpTrue">How far to jump when a comparison holds.</param>
    /// <param name="jumpFalse">How far to jump when it does not.</param>
    /// <param name="operand">The operand.</param>
    public BpfInstruction(ushort code, byte jumpTrue, byte jumpFalse, uint operand)
    {
        Code = code;
        JumpTrue = jumpTrue;
        JumpFalse = jumpFalse;
        Operand = operand;
    }

    /// <summary>What it does.</summary>
    public ushort Code { get; init; }

    /// <summary>How far to jump when a comparison holds.</summary>
    public byte JumpTrue { get; init; }

    /// <summary>How far to jump when it does not.</summary>
    public byte JumpFalse { get; init; }

    /// <summary>The operand.</summary>
    public uint Operand { get; init; }
}
