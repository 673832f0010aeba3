namespace Gain.Tests.Generator;

/// <summary>An instruction that must not be in generated code.</summary>
/// <param name="Method">The method that it is in.</param>
/// <param name="Code">What is wrong, as in <c>box</c> or <c>virtual call</c>.</param>
/// <param name="Operand">The type or member that it names.</param>
internal sealed record IlFinding(string Method, string Code, string Operand);
