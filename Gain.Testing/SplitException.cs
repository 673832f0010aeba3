namespace Gain.Testing;

/// <summary>
/// A script gave another output when it arrived in other pieces. Every test framework takes an exception for
/// a failure.
/// </summary>
/// <param name="message">Which pieces, and what was other.</param>
/// <param name="innerException">What was thrown, where the split ended that way.</param>
public sealed class SplitException(string message, Exception? innerException)
    : Exception(message, innerException);
