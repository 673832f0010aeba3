using System.Runtime.InteropServices;

namespace Gain.Uring;

/// <summary>An instruction of a classic BPF program: the kernel's <c>struct sock_filter</c>.</summary>
/// <param name="Code">What it does.</param>
/// <param name="JumpTrue">How far to jump when a comparison holds.</param>
/// <param name="JumpFalse">How far to jump when it does not.</param>
/// <param name="Operand">The operand.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BpfInstruction(ushort Code, byte JumpTrue, byte JumpFalse, uint Operand);
