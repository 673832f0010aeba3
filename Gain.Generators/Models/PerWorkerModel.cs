namespace Gain.Generators.Models;

/// <summary>An argument that is the worker's instance of a type.</summary>
/// <param name="Type">The type, as source text.</param>
/// <param name="Modifier">How it is passed: <c>ref</c>, <c>in</c>, or nothing.</param>
/// <param name="Index">Its place among the protocol's types of this kind.</param>
internal sealed record PerWorkerModel(string Type, string Modifier, int Index);
