namespace Gain.Generators.Models;

/// <summary>A valid <c>[FixedSize]</c>.</summary>
/// <param name="Size">The bytes of each message.</param>
internal sealed record FixedSizeModel(int Size) : FramingModel;
