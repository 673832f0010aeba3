namespace Gain.Testing;

/// <summary>
/// Code allocated that must not. Every test framework takes an exception for a failure.
/// </summary>
/// <param name="message">How much, and what.</param>
public sealed class AllocationException(string message) : Exception(message);
