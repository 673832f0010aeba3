using System.Runtime.InteropServices;

namespace Gain.Tls.OpenSsl;

/// <summary>
/// One reference to an SSL_CTX. Each SSL made from it has one of its own in OpenSSL, so that a context that
/// was replaced lives until its last connection has ended.
/// </summary>
internal sealed class SslContextHandle : SafeHandle
{
    internal SslContextHandle(nint context)
        : base(0, ownsHandle: true)
    {
        if (context == 0)
        {
            throw new TlsException(
                TlsError.OpenSslFailed, $"An SSL_CTX cannot be made: {OpenSslErrors.Take()}.");
        }

        SetHandle(context);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer, for calls while the owner of this handle is alive.</summary>
    internal nint Pointer => handle;

    /// <inheritdoc/>
    // SAFETY: SafeHandle calls it once.
    protected override bool ReleaseHandle()
    {
        LibSsl.SSL_CTX_free(handle);
        return true;
    }
}
