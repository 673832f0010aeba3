namespace Gain.Generators.Models;

/// <summary>A valid framing attribute.</summary>
internal abstract record FramingModel;
