namespace Gain.Generators.Models;

/// <summary>
/// A framing attribute that cannot be used, or several. Nothing is parsed; the members that the user may call
/// are emitted all the same, so that the one mistake is the one error.
/// </summary>
internal sealed record InvalidFramingModel : FramingModel;
