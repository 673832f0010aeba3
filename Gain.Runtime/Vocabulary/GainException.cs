namespace Gain;

/// <summary>
/// Start-up failed, or Gain was used wrongly; the message names the value and the way out.
/// </summary>
/// <remarks>
/// An error of a single connection is never thrown: it arrives as a <see cref="CloseReason"/>.
/// </remarks>
public sealed class GainException : Exception
{
    internal GainException(
        GainError errorCode, string message, int errno = 0, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = errorCode;
        Errno = errno;
    }

    /// <summary>What the exception is about.</summary>
    public GainError ErrorCode { get; }

    /// <summary>The kernel's error number (see errno(3)), positive; 0 when no system call failed.</summary>
    public int Errno { get; }

    /// <summary>Why a connection did not come up; null when the exception is about something else.</summary>
    public ConnectFailure? ConnectFailure { get; private init; }

    /// <summary>A connection that did not come up.</summary>
    internal static GainException ForConnect(string target, ConnectFailure failure) =>
        new(GainError.ConnectFailed, $"Cannot connect to {target}: {failure}.", failure.Errno)
        {
            ConnectFailure = failure,
        };

    /// <summary>A failed system call that has no better name.</summary>
    /// <param name="what">What failed, as the start of a sentence: "Cannot read the CPU mask".</param>
    /// <param name="errno">The positive error number.</param>
    internal static GainException ForSystemCall(string what, int errno) =>
        new(GainError.SystemError, $"{what}: {Kernel.Errno.Describe(errno)}.", errno);
}
