namespace Gain.Generators.Models;

/// <summary>A valid <c>[VarintPrefixed]</c>.</summary>
/// <param name="MaxFrameLength">The longest payload accepted.</param>
internal sealed record VarintPrefixedModel(int MaxFrameLength) : FramingModel;
