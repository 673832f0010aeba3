namespace Gain.Bench;

/// <summary>A measurement cannot be made. The message says why, and what to do.</summary>
internal sealed class BenchException(string message) : Exception(message);
