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

    /// <summary>What is wrong with an address, whatever it was for; null for other errors.</summary>
    internal string? AddressFault { get; private init; }

    /// <summary>An address that nobody can use.</summary>
    /// <param name="errorCode">What the exception is about.</param>
    /// <param name="beginning">What cannot be done, as in "Cannot listen on x".</param>
    /// <param name="fault">What is wrong with it.</param>
    /// <param name="way">The way out.</param>
    internal static GainException ForAddress(
        GainError errorCode, string beginning, string fault, string way) =>
        new(errorCode, $"{beginning}: {fault}. {way}.") { AddressFault = fault };

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
