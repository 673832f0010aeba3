namespace Gain.Tls;

/// <summary>TLS cannot be set up; the message names the value and the way out.</summary>
/// <remarks>What goes wrong on a single connection is never thrown: it ends that connection.</remarks>
public sealed class TlsException : Exception
{
    internal TlsException(TlsError errorCode, string message, Exception? innerException = null)
        : base(message, innerException) => ErrorCode = errorCode;

    /// <summary>What the exception is about.</summary>
    public TlsError ErrorCode { get; }
}
