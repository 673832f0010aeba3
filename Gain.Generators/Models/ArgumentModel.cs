namespace Gain.Generators.Models;

/// <summary>An argument of a callback.</summary>
/// <param name="Name">
/// The adapter's name for it, as in <see cref="ParameterSpec.Name"/>; of a worker's instance, its type.
/// </param>
/// <param name="IsIn">
/// Whether it is passed with <c>in</c>: said at the call, because otherwise an overload that takes it by
/// value would be preferred.
/// </param>
/// <param name="PerWorker">What it is, if it is no parameter of the adapter.</param>
/// <param name="MessageType">The type, as source text, if it is the message.</param>
internal sealed record ArgumentModel(
    string Name, bool IsIn, PerWorkerModel? PerWorker = null, string? MessageType = null);
