namespace Gain.Rings;

/// <summary>A pipe that bytes go through on their way from one socket to another.</summary>
/// <param name="Read">The end to read from.</param>
/// <param name="Write">The end to write to.</param>
internal readonly record struct SplicePipe(int Read, int Write);
