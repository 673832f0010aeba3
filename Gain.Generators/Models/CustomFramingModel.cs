namespace Gain.Generators.Models;

/// <summary>A valid <c>[CustomFraming]</c>, on a struct with a valid <c>TryReadFrame</c>.</summary>
/// <param name="MaxFrameLength">The longest message accepted, with all that is taken off for it.</param>
internal sealed record CustomFramingModel(int MaxFrameLength) : FramingModel;
