namespace Gain.Generators.Models;

/// <summary>An argument of a callback.</summary>
/// <param name="Name">The adapter's name for it, as in <see cref="ParameterSpec.Name"/>.</param>
/// <param name="IsIn">
/// Whether it is passed with <c>in</c>: said at the call, because otherwise an overload that takes it by
/// value would be preferred.
/// </param>
internal sealed record ArgumentModel(string Name, bool IsIn);
