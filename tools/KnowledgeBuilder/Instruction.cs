using System.Reflection.Emit;

namespace Gain.KnowledgeBuilder;

/// <summary>An instruction; a token, a branch's target, or zero as its operand.</summary>
internal readonly record struct Instruction(int Offset, OpCode Code, int Operand, int[]? Targets, int End);
