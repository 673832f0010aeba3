namespace Gain.Generators.Models;

/// <summary>A valid <c>[Delimited]</c>.</summary>
/// <param name="Delimiter">Its 1 to 32 bytes.</param>
/// <param name="MaxFrameLength">The longest message accepted, without its delimiter.</param>
/// <param name="Strip">Whether <c>OnFrame</c> gets the message without its delimiter.</param>
internal sealed record DelimitedModel(EquatableArray<byte> Delimiter, int MaxFrameLength, bool Strip)
    : FramingModel;
