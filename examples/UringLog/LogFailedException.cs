namespace Gain.UringLog;

/// <summary>
/// The log cannot go on: what was not told to be durable may be there or not. Open the log again, which keeps
/// the part that is whole. A sync that failed is never tried again: the kernel may have dropped what it did
/// not write, and would tell of success.
/// </summary>
internal sealed class LogFailedException(string message) : IOException(message);
